import type { LegalActions } from "../environments/legalActions.ts";
import type { Core } from "../kernels/core.ts";
import { ActingNetwork } from "../network/actingNetwork.ts";
import { regionView } from "../network/arena.ts";
import type { RandomStream } from "../numerics/random.ts";
import type { TrainingPlan } from "./memoryPlan.ts";

/** Settings of self-play. */
export interface OpponentOptions {
  /** Frozen Q-networks that are kept; 0 for play against the current one only. */
  readonly opponentPool: number;
  /** Environment steps from one frozen Q-network to the next. */
  readonly opponentInterval: number;
  /** Probability that an episode has a frozen opponent. */
  readonly opponentFraction: number;
}

/**
 * Frozen copies of the Q-network for self-play in two-player games. In some episodes one of them plays a side; in the others, the current
 * Q-network plays both. The agent learns from the moves of both sides, because Q-learning is off-policy.
 */
export class OpponentPool {
  /** Copies made so far. The ring keeps the last `opponentPool`. */
  copies = 0;
  /** Side of the frozen opponent in this episode: 0 begins, 1 answers; -1: the current Q-network plays both. */
  side = -1;
  readonly #options: OpponentOptions;
  readonly #network: ActingNetwork;
  readonly #online: Float32Array;
  readonly #pool: Float32Array;
  readonly #opponent: Float32Array;

  constructor(core: Core, plan: TrainingPlan, options: OpponentOptions) {
    const { parameters, scratch, shape, state } = plan;
    this.#options = options;
    this.#online = regionView(core.buffer, state.online);
    this.#pool = regionView(core.buffer, state.opponents);
    this.#opponent = regionView(core.buffer, state.opponent);
    this.#network = new ActingNetwork(
      core,
      shape,
      parameters,
      state.opponent,
      scratch.opponentActing!,
    );
  }

  /** Chooses the next episode's opponent and its side. */
  beginEpisode(random: RandomStream): void {
    const { opponentFraction, opponentPool } = this.#options;
    this.side = -1;
    if (this.copies === 0 || random.next() >= opponentFraction) return;
    const start = random.nextBelow(Math.min(this.copies, opponentPool)) * this.#opponent.length;
    this.#opponent.set(this.#pool.subarray(start, start + this.#opponent.length));
    this.side = random.nextBelow(2);
  }

  /** Returns the frozen opponent's greedy action. */
  act(observation: Float32Array, legal: LegalActions | null): number {
    this.#network.observation.set(observation);
    return this.#network.greedyAction(legal);
  }

  /** Adds a copy of the Q-network if one is due after `steps` environment steps. */
  afterStep(steps: number): void {
    const { opponentInterval, opponentPool } = this.#options;
    if (steps % opponentInterval !== 0) return;
    this.#pool.set(this.#online, (this.copies % opponentPool) * this.#online.length);
    this.copies++;
  }
}
