import type { LegalActions } from "../environments/legalActions.ts";
import type { Core } from "../kernels/core.ts";
import type { ActingPlan } from "./actingPlan.ts";
import { type Region, regionView } from "./arena.ts";
import type { NetworkShape } from "./networkShape.ts";
import { type LayerPlan, normEpsilon, type ParameterLayout } from "./parameterLayout.ts";

/** Greedy policy: the Q-network for a single observation, in evaluation mode. */
export class ActingNetwork {
  /** Input of `greedyAction`. The caller writes the observation here. */
  readonly observation: Float32Array;
  /** Q-values (actionCount) of the last call to `greedyAction`. */
  readonly qValues: Float32Array;
  readonly #core: Core;
  readonly #shape: NetworkShape;
  readonly #layers: readonly LayerPlan[];
  readonly #parametersPtr: number;
  readonly #inputPtr: number;
  readonly #outputPtrs: readonly number[];
  readonly #qPtr: number;

  constructor(
    core: Core,
    shape: NetworkShape,
    parameters: ParameterLayout,
    region: Region,
    plan: ActingPlan,
  ) {
    this.observation = regionView(core.buffer, plan.observation);
    this.qValues = regionView(core.buffer, plan.q);
    this.#core = core;
    this.#shape = shape;
    this.#layers = parameters.layers;
    this.#parametersPtr = region.offset;
    this.#inputPtr = plan.observation.offset;
    this.#qPtr = plan.q.offset;
    const last = shape.dueling ? plan.outputs.at(-1)! : plan.q;
    this.#outputPtrs = [...plan.outputs.slice(0, -1), last].map(({ offset }) => offset);
  }

  /**
   * Returns the legal action with the highest Q-value for `observation`. Ties go to the lowest action.
   * @param legal mask of the legal actions; null if all are legal
   */
  greedyAction(legal: LegalActions | null = null): number {
    const { kernels } = this.#core;
    const { actionCount, dueling } = this.#shape;
    const layers = this.#layers;
    const base = this.#parametersPtr;
    let inputPtr = this.#inputPtr;
    for (let k = 0; k < layers.length; k++) {
      const { activation, bias, inputs, lowerBound, norm, outputs, weight } = layers[k]!;
      const outputPtr = this.#outputPtrs[k]!;
      // biome-ignore format: outputs, inputs, shape, scalars
      kernels.denseForwardOne(
        outputPtr,
        inputPtr, base + weight, base + bias,
        outputs, inputs,
        norm === null ? lowerBound : -Infinity,
      );
      if (norm !== null) {
        // biome-ignore format: outputs, inputs, statistics, shape, scalars
        kernels.batchNormEvaluate(
          outputPtr,
          outputPtr, base + norm.scale, base + norm.shift,
          base + norm.runningMean, base + norm.runningVariance,
          outputs, 1,
          normEpsilon, lowerBound,
        );
      }
      if (activation === "tanh") kernels.tanhForward(outputPtr, outputs);
      inputPtr = outputPtr;
    }
    if (dueling) kernels.duelingForwardOne(this.#qPtr, inputPtr, actionCount);
    const q = this.qValues;
    let best = -1;
    for (let action = 0; action < actionCount; action++) {
      if (legal !== null && !legal[action]) continue;
      if (best < 0 || q[action]! > q[best]!) best = action;
    }
    return best;
  }
}
