import type { Core } from "../kernels/core.ts";
import { ActingNetwork } from "../network/actingNetwork.ts";
import type { ActingPlan } from "../network/actingPlan.ts";
import { type Region, regionView } from "../network/arena.ts";
import type { Actor } from "./actor.ts";

/** Greedy actions of all actors, computed with one matrix product per layer when a round of steps begins. */
export class ActingRounds {
  readonly #actors: readonly Actor[];
  readonly #network: ActingNetwork;
  readonly #columns: number;
  readonly #observations: Float32Array;
  readonly #greedyActions: Uint32Array;

  constructor(
    core: Core,
    plan: ActingPlan,
    greedyActions: Region<"u32">,
    actors: readonly Actor[],
  ) {
    this.#actors = actors;
    this.#columns = plan.columns;
    this.#network = new ActingNetwork(core, plan);
    this.#observations = regionView(core.buffer, plan.observation);
    this.#greedyActions = regionView(core.buffer, greedyActions);
  }

  /** Returns the greedy action of the actor whose turn is step number `step`, counted from 0. */
  greedyAction(step: number): number {
    const turn = step % this.#actors.length;
    if (turn === 0) this.decide();
    return this.#greedyActions[turn]!;
  }

  /** Computes the greedy actions of all actors. */
  decide(): void {
    const columns = this.#columns;
    for (let column = 0; column < this.#actors.length; column++) {
      const { observation } = this.#actors[column]!;
      for (let k = 0; k < observation.length; k++) {
        this.#observations[k * columns + column] = observation[k]!;
      }
    }
    this.#network.forward(columns);
    for (let column = 0; column < this.#actors.length; column++) {
      const { legal } = this.#actors[column]!;
      this.#greedyActions[column] = this.#network.bestAction(column, columns, legal);
    }
  }
}
