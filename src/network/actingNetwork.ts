import type { LegalActions } from "../environments/legalActions.ts";
import type { Core } from "../kernels/core.ts";
import { Program } from "../kernels/program.ts";
import type { ActingPlan } from "./actingPlan.ts";
import { regionView } from "./arena.ts";

/** Greedy policy: the Q-network for a single observation, in evaluation mode. */
export class ActingNetwork {
  /** Input of `greedyAction`. The caller writes the observation here. */
  readonly observation: Float32Array;
  /** Q-values (actionCount) of the last call to `greedyAction`. */
  readonly qValues: Float32Array;
  readonly #program: Program;

  constructor(core: Core, { forward, observation, program, q }: ActingPlan) {
    this.observation = regionView(core.buffer, observation);
    this.qValues = regionView(core.buffer, q);
    this.#program = new Program(core, program.offset, forward);
  }

  /**
   * Returns the legal action with the highest Q-value for `observation`. Ties go to the lowest action.
   * @param legal mask of the legal actions; null if all are legal
   */
  greedyAction(legal: LegalActions | null = null): number {
    this.#program.run();
    const q = this.qValues;
    let best = -1;
    for (let action = 0; action < q.length; action++) {
      if (legal !== null && !legal[action]) continue;
      if (best < 0 || q[action]! > q[best]!) best = action;
    }
    return best;
  }
}
