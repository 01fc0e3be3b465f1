import type { Program, Recording, Slots } from "../kernels/program.ts";
import type { TrainingRegions } from "./trainingRegions.ts";

/** Optimizer settings, with PyTorch's formulas and defaults. */
export interface OptimizerOptions {
  readonly optimizer: "adam" | "rmsprop" | "sgd";
  /** Initial learning rate. */
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
  const { maxGradNorm, maxGradValue, momentum, optimizerEpsilon } = options;
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
      "learningRate", options.rmspropAlpha, optimizerEpsilon, momentum,
    );
  } else {
    // biome-ignore format: arrays, shape, scalars
    program.call("sgd",
      online.offset, offset, firstMoment.offset,
      length,
      "learningRate", momentum,
    );
  }
}

/** Learning rate and Adam's bias correction. */
export class Optimizer {
  /** beta1^t and beta2^t, by repeated multiplication: engines may round Math.pow differently. */
  beta1Power = 1;
  beta2Power = 1;
  /** Learning rate of the next step. */
  learningRate: number;
  readonly #options: OptimizerOptions;
  readonly #learningRate: Slots;
  readonly #stepSize: Slots;
  readonly #varianceScale: Slots;

  /** @param program a program with a step of the optimizer */
  constructor(program: Program, options: OptimizerOptions) {
    this.#options = options;
    this.learningRate = options.learningRate;
    this.#learningRate = program.slots("learningRate");
    this.#stepSize = program.slots("stepSize");
    this.#varianceScale = program.slots("varianceScale");
  }

  /** Prepares the next step of the optimizer in the program. */
  prepareStep(): void {
    const { beta1, beta2, optimizer } = this.#options;
    const { learningRate } = this;
    for (const slot of this.#learningRate) slot[0] = learningRate;
    if (optimizer !== "adam") return;
    this.beta1Power *= beta1;
    this.beta2Power *= beta2;
    for (const slot of this.#stepSize) slot[0] = learningRate / (1 - this.beta1Power);
    for (const slot of this.#varianceScale) slot[0] = 1 / Math.sqrt(1 - this.beta2Power);
  }
}
