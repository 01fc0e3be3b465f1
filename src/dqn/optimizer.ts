import type { Program, Recording, Slots } from "../kernels/program.ts";
import type { TrainingRegions } from "./trainingRegions.ts";

/** Optimizer settings, with PyTorch's formulas and defaults. */
export interface OptimizerOptions {
  readonly optimizer: "adam" | "radam" | "rmsprop" | "sgd";
  /** Initial learning rate. */
  readonly learningRate: number;
  /** Adam's and RAdam's decay rates. */
  readonly beta1: number;
  readonly beta2: number;
  /** RMSprop's decay rate. */
  readonly rmspropAlpha: number;
  /** RMSprop divides by the standard deviation of the gradient, not by its root mean square. */
  readonly rmspropCentered: boolean;
  /** Adam, RAdam and RMSprop: term against division by zero. */
  readonly optimizerEpsilon: number;
  /** Momentum of RMSprop and SGD. */
  readonly momentum: number;
  /** Bound of each gradient's absolute value; null for no bound. */
  readonly maxGradValue: number | null;
  /** Bound of the gradient's norm; null for no bound. */
  readonly maxGradNorm: number | null;
}

/** Records a step of Adam, RAdam, RMSprop or SGD: clips the gradient, then updates the trainable parameters of the Q-network. */
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
  if (options.optimizer === "adam" || options.optimizer === "radam") {
    const epsilon = options.optimizer === "adam" ? optimizerEpsilon : "epsilon";
    // biome-ignore format: arrays, shape, scalars
    program.call("adam",
      online.offset, offset, firstMoment.offset, secondMoment.offset,
      length,
      "stepSize", options.beta1, options.beta2, epsilon, "varianceScale",
    );
  } else if (options.optimizer === "rmsprop" && options.rmspropCentered) {
    // biome-ignore format: arrays, shape, scalars
    program.call("rmspropCentered",
      online.offset, offset, firstMoment.offset, secondMoment.offset,
      length,
      "learningRate", options.rmspropAlpha, optimizerEpsilon,
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

/** Learning rate and bias correction of Adam and RAdam. */
export class Optimizer {
  /** beta1^t and beta2^t, by repeated multiplication: engines may round Math.pow differently. */
  beta1Power = 1;
  beta2Power = 1;
  /** Steps of Adam or RAdam so far, t. */
  steps = 0;
  /** Learning rate of the next step. */
  learningRate: number;
  readonly #options: OptimizerOptions;
  readonly #learningRate: Slots;
  readonly #stepSize: Slots;
  readonly #varianceScale: Slots;
  readonly #epsilon: Slots;

  /** @param program a program with a step of the optimizer */
  constructor(program: Program, options: OptimizerOptions) {
    this.#options = options;
    this.learningRate = options.learningRate;
    this.#learningRate = program.slots("learningRate");
    this.#stepSize = program.slots("stepSize");
    this.#varianceScale = program.slots("varianceScale");
    this.#epsilon = program.slots("epsilon");
  }

  /** Prepares the next step of the optimizer in the program. */
  prepareStep(): void {
    const { beta1, beta2, optimizer } = this.#options;
    const { learningRate } = this;
    for (const slot of this.#learningRate) slot[0] = learningRate;
    if (optimizer !== "adam" && optimizer !== "radam") return;
    this.beta1Power *= beta1;
    this.beta2Power *= beta2;
    this.steps++;
    const rate = learningRate / (1 - this.beta1Power);
    const correction = 1 - this.beta2Power;
    if (optimizer === "adam") this.#set(rate, 1 / Math.sqrt(correction));
    else this.#prepareRectified(rate, correction);
  }

  /**
   * Rectified Adam (Liu et al. 2020): Adam's step times a factor below 1 once the variance has enough degrees of freedom, until then the
   * corrected mean without a division, as `adam` computes it with scale 0 and epsilon 1.
   */
  #prepareRectified(rate: number, correction: number): void {
    const { beta2, optimizerEpsilon } = this.#options;
    const most = 2 / (1 - beta2) - 1;
    const freedom = most - (2 * this.steps * this.beta2Power) / correction;
    const rectified = freedom > 5;
    for (const slot of this.#epsilon) slot[0] = rectified ? optimizerEpsilon : 1;
    const share = ((freedom - 4) * (freedom - 2) * most) / ((most - 4) * (most - 2) * freedom);
    if (rectified) this.#set(rate * Math.sqrt(share * correction), 1);
    else this.#set(rate, 0);
  }

  #set(stepSize: number, varianceScale: number): void {
    for (const slot of this.#stepSize) slot[0] = stepSize;
    for (const slot of this.#varianceScale) slot[0] = varianceScale;
  }
}
