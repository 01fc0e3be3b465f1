import type { Core } from "../kernels/core.ts";
import type { TrainingPlan } from "./memoryPlan.ts";

/** How gradients move the weights; formulas and defaults are PyTorch's. */
export interface OptimizerOptions {
  readonly optimizer: "adam" | "rmsprop" | "sgd";
  readonly learningRate: number;
  /** Adam's decay rates. */
  readonly beta1: number;
  readonly beta2: number;
  /** RMSprop's decay rate. */
  readonly rmspropAlpha: number;
  /** Adam's and RMSprop's term against division by zero. */
  readonly optimizerEpsilon: number;
  /** RMSprop's and SGD's momentum. */
  readonly momentum: number;
  /** Every gradient is limited to +- this before the step; null for no limit. */
  readonly maxGradValue: number | null;
  /** The gradient's norm is limited to this before the step; null for no limit. */
  readonly maxGradNorm: number | null;
}

/** Adam, RMSprop or SGD over the trainable parameters of a training memory. */
export class Optimizer {
  /** beta1^t and beta2^t, by repeated multiplication: exact on every engine, unlike a power function. */
  beta1Power = 1;
  beta2Power = 1;
  readonly #core: Core;
  readonly #plan: TrainingPlan;
  readonly #options: OptimizerOptions;

  constructor(core: Core, plan: TrainingPlan, options: OptimizerOptions) {
    this.#core = core;
    this.#plan = plan;
    this.#options = options;
  }

  /** Clips the gradient and moves the weights by it. */
  step(): void {
    const { kernels } = this.#core;
    const { firstMoment, gradient, online, secondMoment } = this.#plan;
    const options = this.#options;
    const { learningRate, momentum, optimizerEpsilon } = options;
    const count = gradient.length;
    if (options.maxGradValue !== null) {
      kernels.clampValues(gradient.offset, count, options.maxGradValue);
    }
    if (options.maxGradNorm !== null) kernels.clipNorm(gradient.offset, count, options.maxGradNorm);
    if (options.optimizer === "adam") {
      this.beta1Power *= options.beta1;
      this.beta2Power *= options.beta2;
      // biome-ignore format: weights, gradient and state, shape, scalars
      kernels.adam(
        online.offset,
        gradient.offset, firstMoment.offset, secondMoment.offset,
        count,
        learningRate / (1 - this.beta1Power), options.beta1, options.beta2, optimizerEpsilon,
        1 / Math.sqrt(1 - this.beta2Power),
      );
    } else if (options.optimizer === "rmsprop") {
      // biome-ignore format: weights, gradient and state, shape, scalars
      kernels.rmsprop(
        online.offset,
        gradient.offset, firstMoment.offset, secondMoment.offset,
        count,
        learningRate, options.rmspropAlpha, optimizerEpsilon, momentum,
      );
    } else {
      // biome-ignore format: weights, gradient and state, shape, scalars
      kernels.sgd(
        online.offset,
        gradient.offset, firstMoment.offset,
        count,
        learningRate, momentum,
      );
    }
  }
}
