import type { Program, Recording, Slots } from "../kernels/program.ts";
import type { TrainingRegions } from "./trainingRegions.ts";

/** Optimizer settings, with PyTorch's formulas and defaults. */
export interface OptimizerOptions {
  readonly optimizer: "adam" | "rmsprop" | "sgd";
  readonly learningRate: number;
  /** Adam's decay rates. */
  readonly beta1: number;
  readonly beta2: number;
  /** RMSprop's decay rate. */
  readonly rmspropAlpha: number;
  /** Adam and RMSprop: term against division by zero. */
  readonly optimizerEpsilon: number;
  /** Momentum of RMSprop and SGD. */
  readonly momentum: number;
  /** Bound of each gradient's absolute value; null for no bound. */
  readonly maxGradValue: number | null;
  /** Bound of the gradient's norm; null for no bound. */
  readonly maxGradNorm: number | null;
}

/** Records a step of Adam, RMSprop or SGD: clips the gradient, then updates the trainable parameters of the Q-network. */
export function recordOptimizer(
  program: Recording,
  { scratch, state }: TrainingRegions,
  options: OptimizerOptions,
): void {
  const { firstMoment, online, secondMoment } = state;
  const { offset, length } = scratch.gradient;
  const { learningRate, maxGradNorm, maxGradValue, momentum, optimizerEpsilon } = options;
  if (maxGradValue !== null) program.call("clampValues", offset, length, maxGradValue);
  if (maxGradNorm !== null) program.call("clipNorm", offset, length, maxGradNorm);
  if (options.optimizer === "adam") {
    // biome-ignore format: arrays, shape, scalars
    program.call("adam",
      online.offset, offset, firstMoment.offset, secondMoment.offset,
      length,
      "stepSize", options.beta1, options.beta2, optimizerEpsilon, "varianceScale",
    );
  } else if (options.optimizer === "rmsprop") {
    // biome-ignore format: arrays, shape, scalars
    program.call("rmsprop",
      online.offset, offset, firstMoment.offset, secondMoment.offset,
      length,
      learningRate, options.rmspropAlpha, optimizerEpsilon, momentum,
    );
  } else {
    program.call("sgd", online.offset, offset, firstMoment.offset, length, learningRate, momentum);
  }
}

/** Adam's bias correction. The other optimizers have no state outside the memory. */
export class Optimizer {
  /** beta1^t and beta2^t, by repeated multiplication: engines may round Math.pow differently. */
  beta1Power = 1;
  beta2Power = 1;
  readonly #options: OptimizerOptions;
  readonly #stepSize: Slots;
  readonly #varianceScale: Slots;

  /** @param program a program with a step of the optimizer */
  constructor(program: Program, options: OptimizerOptions) {
    this.#options = options;
    this.#stepSize = program.slots("stepSize");
    this.#varianceScale = program.slots("varianceScale");
  }

  /** Prepares the next step of the optimizer in the program. */
  prepareStep(): void {
    const { beta1, beta2, learningRate, optimizer } = this.#options;
    if (optimizer !== "adam") return;
    this.beta1Power *= beta1;
    this.beta2Power *= beta2;
    for (const slot of this.#stepSize) slot[0] = learningRate / (1 - this.beta1Power);
    for (const slot of this.#varianceScale) slot[0] = 1 / Math.sqrt(1 - this.beta2Power);
  }
}
