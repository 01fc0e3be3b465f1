import type { LegalActions } from "../environments/legalActions.ts";
import type { Core } from "../kernels/core.ts";
import { ActingNetwork } from "../network/actingNetwork.ts";
import { regionView } from "../network/arena.ts";
import type { RandomStream } from "../numerics/random.ts";
import type { TrainingPlan } from "./memoryPlan.ts";

/** Settings of self-play. */
export interface OpponentOptions {
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
  readonly #options: OpponentOptions;
  readonly #networks: readonly ActingNetwork[];
  readonly #online: Float32Array;
  readonly #pool: Float32Array;
  readonly #copies: Uint32Array;

  constructor(core: Core, plan: TrainingPlan, options: OpponentOptions) {
    const { scratch, state } = plan;
    this.#options = options;
    this.#online = regionView(core.buffer, state.online);
    this.#pool = regionView(core.buffer, state.opponents);
    this.#copies = regionView(core.buffer, state.opponentCopies);
    this.#networks = scratch.opponentActing.map((acting) => new ActingNetwork(core, acting));
  }

  /** Copies made so far. The ring keeps the last `opponentPool`. */
  get copies(): number {
    return this.#copies[0]!;
  }

  /** Draws an episode's opponent: twice its row in the ring, plus its side (0 begins, 1 answers); -1 for none. */
  draw(random: RandomStream): number {
    if (this.copies === 0 || random.next() >= this.#options.opponentFraction) return -1;
    const stored = Math.min(this.copies, this.#networks.length);
    return random.nextBelow(2 * stored);
  }

  /** Returns the greedy action of an opponent that `draw` returned. */
  act(opponent: number, observation: Float32Array, legal: LegalActions | null): number {
    const network = this.#networks[opponent >> 1]!;
    network.observation.set(observation);
    return network.greedyAction(legal);
  }

  /** Adds a copy of the Q-network if one is due after `steps` environment steps. */
  afterStep(steps: number): void {
    if (steps % this.#options.opponentInterval !== 0) return;
    const row = this.copies % this.#networks.length;
    this.#pool.set(this.#online, row * this.#online.length);
    this.#copies[0]!++;
  }
}
