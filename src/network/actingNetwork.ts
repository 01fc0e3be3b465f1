import type { Core } from "../kernels/core.ts";
import type { ActingPlan } from "./actingPlan.ts";
import { type Region, regionView } from "./arena.ts";
import type { NetworkShape } from "./networkShape.ts";
import { type LayerPlan, normEpsilon, type ParameterLayout } from "./parameterLayout.ts";

/**
 * Greedy policy: the Q-network in evaluation mode, for one observation or for many at once. The two add in different orders, so the last
 * bits of the Q-values may differ. The Q-values of a batch do not depend on its width.
 */
export class ActingNetwork {
  /** Input of `greedyAction`. The caller writes the observation here. */
  readonly observation: Float32Array;
  /** Q-values (actionCount) of the last call to `greedyAction`. */
  readonly qValues: Float32Array;
  readonly core: Core;
  readonly plan: ActingPlan;
  readonly #shape: NetworkShape;
  readonly #layers: readonly LayerPlan[];
  readonly #parametersPtr: number;
  readonly #outputPtrs: readonly number[];
  readonly #q: Float32Array;

  constructor(
    core: Core,
    shape: NetworkShape,
    parameters: ParameterLayout,
    region: Region,
    plan: ActingPlan,
  ) {
    this.#q = regionView(core.buffer, plan.q);
    this.observation = regionView(core.buffer, plan.observation).subarray(0, shape.observationSize);
    this.qValues = this.#q.subarray(0, shape.actionCount);
    this.core = core;
    this.plan = plan;
    this.#shape = shape;
    this.#layers = parameters.layers;
    this.#parametersPtr = region.offset;
    const last = shape.dueling ? plan.outputs.at(-1)! : plan.q;
    this.#outputPtrs = [...plan.outputs.slice(0, -1), last].map(({ offset }) => offset);
  }

  /** Returns the action with the highest Q-value for `observation`. Ties go to the lowest action. */
  greedyAction(): number {
    this.forward(1);
    return this.bestAction(0, 1);
  }

  /**
   * Computes the Q-values (actionCount, batch) of the observations (observationSize, batch) in the plan's memory. `batch` is 1 or a
   * multiple of 8, at most the plan's columns.
   */
  forward(batch: number): void {
    const { kernels } = this.core;
    const { actionCount, dueling } = this.#shape;
    const layers = this.#layers;
    const base = this.#parametersPtr;
    const qPtr = this.plan.q.offset;
    let inputPtr = this.plan.observation.offset;
    for (let k = 0; k < layers.length; k++) {
      const { activation, bias, inputs, lowerBound, norm, outputs, weight } = layers[k]!;
      const outputPtr = this.#outputPtrs[k]!;
      const weightPtr = base + weight;
      const biasPtr = base + bias;
      const floor = norm === null ? lowerBound : -Infinity;
      if (batch === 1) {
        kernels.denseForwardOne(outputPtr, inputPtr, weightPtr, biasPtr, outputs, inputs, floor);
      } else {
        // biome-ignore format: outputs, inputs, shape, scalars
        kernels.denseForward(
          outputPtr,
          inputPtr, weightPtr, biasPtr,
          outputs, inputs, batch,
          floor,
        );
      }
      if (norm !== null) {
        // biome-ignore format: outputs, inputs, statistics, shape, scalars
        kernels.batchNormEvaluate(
          outputPtr,
          outputPtr, base + norm.scale, base + norm.shift,
          base + norm.runningMean, base + norm.runningVariance,
          outputs, batch,
          normEpsilon, lowerBound,
        );
      }
      if (activation === "tanh") kernels.tanhForward(outputPtr, outputs * batch);
      inputPtr = outputPtr;
    }
    if (!dueling) return;
    if (batch === 1) kernels.duelingForwardOne(qPtr, inputPtr, actionCount);
    else kernels.duelingForward(qPtr, inputPtr, actionCount, batch);
  }

  /** Returns the action with the highest Q-value in a column after `forward(batch)`. Ties go to the lowest action. */
  bestAction(column: number, batch: number): number {
    const q = this.#q;
    let best = 0;
    for (let action = 1; action < this.#shape.actionCount; action++) {
      if (q[action * batch + column]! > q[best * batch + column]!) best = action;
    }
    return best;
  }
}
