import type { Core } from "../kernels/core.ts";
import { ActingNetwork } from "../network/actingNetwork.ts";
import type { ActingPlan } from "../network/actingPlan.ts";
import { regionView } from "../network/arena.ts";
import type { Actor } from "./actor.ts";
import type { TrainingState } from "./trainingRegions.ts";

/** Greedy actions of all actors and their Q-values, computed with one matrix product per layer when a round of steps begins. */
export class ActingRounds {
  readonly #actors: readonly Actor[];
  readonly #network: ActingNetwork;
  readonly #columns: number;
  readonly #observations: Float32Array;
  readonly #q: Float32Array;
  readonly #greedyActions: Uint32Array;
  readonly #greedyValues: Float32Array;

  constructor(
    core: Core,
    plan: ActingPlan,
    { greedyActions, greedyValues }: Pick<TrainingState, "greedyActions" | "greedyValues">,
    actors: readonly Actor[],
  ) {
    this.#actors = actors;
    this.#columns = plan.columns;
    this.#network = new ActingNetwork(core, plan);
    this.#observations = regionView(core.buffer, plan.observation);
    this.#q = regionView(core.buffer, plan.q);
    this.#greedyActions = regionView(core.buffer, greedyActions);
    this.#greedyValues = regionView(core.buffer, greedyValues);
  }

  /** Returns the greedy action of the actor whose turn is step number `step`, counted from 0. */
  greedyAction(step: number): number {
    const turn = step % this.#actors.length;
    if (turn === 0) this.decide();
    return this.#greedyActions[turn]!;
  }

  /** Computes the greedy actions and their Q-values. */
  decide(): void {
    const columns = this.#columns;
    for (let column = 0; column < this.#actors.length; column++) {
      const { observation } = this.#actors[column]!;
      for (let k = 0; k < observation.length; k++) {
        this.#observations[k * columns + column] = observation[k]!;
      }
    }
    this.#network.forward(columns);
    const values = this.#greedyValues;
    for (let column = 0; column < this.#actors.length; column++) {
      const { legal } = this.#actors[column]!;
      const action = this.#network.bestAction(column, columns, legal);
      this.#greedyActions[column] = action;
      if (values.length > 0) values[column] = this.#q[action * columns + column]!;
    }
  }
}
