import type { LegalActions } from "../environments/legalActions.ts";
import type { Core } from "../kernels/core.ts";
import { Program } from "../kernels/program.ts";
import type { ActingPlan } from "./actingPlan.ts";
import { regionView } from "./arena.ts";
import { bestAction } from "./bestAction.ts";

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
  readonly #q: Float32Array;
  readonly #actionCount: number;
  /** By width divided by 8, rounded down: number 0 is for one observation. */
  readonly #programs: Program[] = [];

  constructor(core: Core, plan: ActingPlan) {
    const { columns, forwards, observation, q } = plan;
    this.#q = regionView(core.buffer, q);
    this.#actionCount = q.length / columns;
    this.observation = regionView(core.buffer, observation);
    this.observation = this.observation.subarray(0, this.observation.length / columns);
    this.qValues = this.#q.subarray(0, this.#actionCount);
    this.core = core;
    this.plan = plan;
    for (const { forward, program, width } of forwards) {
      this.#programs[width >> 3] = new Program(core, program.offset, forward);
    }
  }

  /**
   * Returns the legal action with the highest Q-value for `observation`. Ties go to the lowest action.
   * @param legal mask of the legal actions; null if all are legal
   */
  greedyAction(legal: LegalActions | null = null): number {
    this.forward(1);
    return this.bestAction(0, 1, legal);
  }

  /** Computes the Q-values (actionCount, width) of the observations (observationSize, width) for one of the plan's widths. */
  forward(width: number): void {
    this.#programs[width >> 3]!.run();
  }

  /**
   * Returns the legal action with the highest Q-value in a column after `forward(width)`. Ties go to the lowest action.
   * @param legal mask of the legal actions; null if all are legal
   */
  bestAction(column: number, width: number, legal: LegalActions | null = null): number {
    return bestAction(this.#q, this.#actionCount, column, width, legal);
  }
}
