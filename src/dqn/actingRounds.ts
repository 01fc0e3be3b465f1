import type { Core } from "../kernels/core.ts";
import { ActingBatch } from "../network/actingBatch.ts";
import type { ActingBatchPlan } from "../network/actingBatchPlan.ts";
import { type Region, regionView } from "../network/arena.ts";
import type { Actor } from "./actor.ts";

/** Greedy actions of all actors, computed with one matrix product per layer when a round of steps begins. */
export class ActingRounds {
  readonly #actors: readonly Actor[];
  readonly #network: ActingBatch;
  readonly #columns: number;
  readonly #greedyActions: Uint32Array;

  constructor(
    core: Core,
    plan: ActingBatchPlan,
    greedyActions: Region<"u32">,
    actors: readonly Actor[],
  ) {
    this.#actors = actors;
    this.#columns = plan.forwards[0]!.width;
    this.#network = new ActingBatch(core, plan);
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
    const { observations } = this.#network;
    for (let column = 0; column < this.#actors.length; column++) {
      const { observation } = this.#actors[column]!;
      for (let k = 0; k < observation.length; k++) {
        observations[k * columns + column] = observation[k]!;
      }
    }
    this.#network.forward(0);
    for (let column = 0; column < this.#actors.length; column++) {
      const { legal } = this.#actors[column]!;
      this.#greedyActions[column] = this.#network.greedyAction(column, columns, legal);
    }
  }
}
