import type { LegalActions } from "../environments/legalActions.ts";
import type { Core } from "../kernels/core.ts";
import type { ActingBatchPlan } from "./actingBatchPlan.ts";
import { type Region, regionView } from "./arena.ts";
import { BatchNetwork } from "./batchNetwork.ts";
import type { NetworkShape } from "./networkShape.ts";
import type { ParameterLayout } from "./parameterLayout.ts";

/**
 * Greedy policy for many observations at once, in evaluation mode. A column's Q-values do not depend on the number of columns, but they
 * may differ from those of `ActingNetwork` in the last bits, because that one sums in another order.
 */
export class ActingBatch {
  readonly core: Core;
  readonly plan: ActingBatchPlan;
  readonly #q: Float32Array;
  readonly #actionCount: number;
  readonly #parametersPtr: number;
  /** Networks for 8, 16, ... columns. */
  readonly #networks: readonly BatchNetwork[];

  constructor(
    core: Core,
    shape: NetworkShape,
    parameters: ParameterLayout,
    region: Region,
    plan: ActingBatchPlan,
  ) {
    const { columns, layers, q } = plan;
    const none = { ...q, length: 0 };
    const scratch = { layers, q, gradient: none, dQ: none, workspace: none };
    this.core = core;
    this.plan = plan;
    this.#q = regionView(core.buffer, q);
    this.#actionCount = shape.actionCount;
    this.#parametersPtr = region.offset;
    this.#networks = Array.from(
      { length: columns / 8 },
      (_, k) => new BatchNetwork(core, { shape, parameters, batch: 8 * (k + 1), scratch }),
    );
  }

  /** Computes the Q-values of the plan's `observations` (observationSize, width); `width` is a multiple of 8. */
  forward(width: number): void {
    const { observations, q } = this.plan;
    const network = this.#networks[width / 8 - 1]!;
    network.forward(q.offset, this.#parametersPtr, observations.offset, width, "evaluation");
  }

  /**
   * Returns the legal action with the highest Q-value of a column after `forward(width)`. Ties go to the lowest action.
   * @param legal mask of the legal actions; null if all are legal
   */
  greedyAction(column: number, width: number, legal: LegalActions | null = null): number {
    const q = this.#q;
    let best = -1;
    let highest = 0;
    for (let action = 0; action < this.#actionCount; action++) {
      if (legal !== null && !legal[action]) continue;
      const value = q[action * width + column]!;
      if (best < 0 || value > highest) {
        best = action;
        highest = value;
      }
    }
    return best;
  }
}
