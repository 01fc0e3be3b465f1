import type { LegalActions } from "../environments/legalActions.ts";
import type { Core } from "../kernels/core.ts";
import { Program } from "../kernels/program.ts";
import type { ActingBatchPlan } from "./actingBatchPlan.ts";
import { regionView } from "./arena.ts";

/**
 * Greedy policy for many observations at once, in evaluation mode. A column's Q-values do not depend on the number of columns, but they
 * may differ from those of `ActingNetwork` in the last bits, because that one sums in another order.
 */
export class ActingBatch {
  /** Input of `forward`: (observationSize, width). The caller writes the observations here. */
  readonly observations: Float32Array;
  readonly #q: Float32Array;
  readonly #actionCount: number;
  readonly #programs: readonly Program[];

  constructor(core: Core, { forwards, observations, q }: ActingBatchPlan) {
    this.observations = regionView(core.buffer, observations);
    this.#q = regionView(core.buffer, q);
    this.#actionCount = q.length / forwards.at(-1)!.width;
    this.#programs = forwards.map(({ forward, program }) => {
      return new Program(core, program.offset, forward);
    });
  }

  /** Computes the Q-values of `observations` for the plan's width number `index`. */
  forward(index: number): void {
    this.#programs[index]!.run();
  }

  /**
   * Returns the legal action with the highest Q-value of a column after `forward`. Ties go to the lowest action.
   * @param width number of columns of that forward pass
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
