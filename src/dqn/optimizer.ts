import type { Core } from "../kernels/core.ts";
import type { TrainingPlan } from "./memoryPlan.ts";

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

/** Adam, RMSprop or SGD for the trainable parameters. */
export class Optimizer {
  /** beta1^t and beta2^t, by repeated multiplication: engines may round Math.pow differently. */
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

  /** Clips the gradient, then updates the Q-network's parameters. */
  step(): void {
    const { kernels } = this.#core;
    const { firstMoment, online, secondMoment } = this.#plan.state;
    const { gradient } = this.#plan.scratch;
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
      const stepSize = learningRate / (1 - this.beta1Power);
      const inverseRoot = 1 / Math.sqrt(1 - this.beta2Power);
      // biome-ignore format: arrays, shape, scalars
      kernels.adam(
        online.offset, gradient.offset, firstMoment.offset, secondMoment.offset,
        count,
        stepSize, options.beta1, options.beta2, optimizerEpsilon, inverseRoot,
      );
    } else if (options.optimizer === "rmsprop") {
      // biome-ignore format: arrays, shape, scalars
      kernels.rmsprop(
        online.offset, gradient.offset, firstMoment.offset, secondMoment.offset,
        count,
        learningRate, options.rmspropAlpha, optimizerEpsilon, momentum,
      );
    } else {
      // biome-ignore format: arrays, shape, scalars
      kernels.sgd(
        online.offset, gradient.offset, firstMoment.offset,
        count,
        learningRate, momentum,
      );
    }
  }
}
