import type { Environment } from "../environments/environment.ts";
import type { LegalActions } from "../environments/legalActions.ts";
import { regionView } from "../network/arena.ts";
import { copyNumbers } from "../numerics/copyNumbers.ts";
import { ByteReturns } from "./byteReturns.ts";
import type { TrainingPlan } from "./memoryPlan.ts";
import { NStepReturns } from "./nStep.ts";
import type { ReplayBuffer } from "./replay.ts";
import { EPISODE_NUMBERS } from "./runState.ts";

/**
 * One of the run's `numEnvs` copies of the environment, with its current observation, episode and incomplete n-step returns. All numbers
 * are in the training memory.
 */
export class Actor {
  /** Number of the copy, from 0. */
  readonly index: number;
  readonly environment: Environment;
  /** (observationSize): the current observation. */
  readonly observation: Float32Array;
  readonly nStep: NStepReturns;
  /** Mask of the current state's legal actions; null if all are legal. */
  legal: LegalActions | null = null;
  /** Length, return, score, frozen opponent. */
  readonly #episode: Float64Array;

  constructor(
    buffer: ArrayBuffer,
    plan: TrainingPlan,
    index: number,
    environment: Environment,
    replay: ReplayBuffer,
    nSteps: number,
  ) {
    const { observationSize } = plan.shape;
    const { episodes, observation } = plan.state;
    const view = <Values extends Float32Array | Float64Array>(values: Values, size: number) =>
      values.subarray(index * size, (index + 1) * size) as Values;
    this.index = index;
    this.environment = environment;
    this.observation = view(regionView(buffer, observation), observationSize);
    const Returns = replay.states === null ? NStepReturns : ByteReturns;
    this.nStep = new Returns(buffer, plan, replay, nSteps, index);
    this.#episode = view(regionView(buffer, episodes), EPISODE_NUMBERS);
    this.#episode[3] = -1;
  }

  /** Steps of the current episode. */
  get length(): number {
    return this.#episode[0]!;
  }

  /** Return of the current episode. */
  get return(): number {
    return this.#episode[1]!;
  }

  /** Like the return, without the last reward if `failureReward` replaced it. */
  get score(): number {
    return this.#episode[2]!;
  }

  /** Frozen opponent in a two-player game, see `OpponentPool.draw`; -1 if the current Q-network plays both sides. */
  get opponent(): number {
    return this.#episode[3]!;
  }

  /** Whether the frozen opponent is to move. */
  get opponentMoves(): boolean {
    const opponent = this.#episode[3]!;
    return opponent >= 0 && opponent % 2 === this.#episode[0]! % 2;
  }

  /** Reads the mask of the current state. */
  readLegalActions(): void {
    this.legal = this.environment.legalActions?.() ?? null;
  }

  /** Starts a new episode. */
  begin(observation: ArrayLike<number>, opponent: number): void {
    this.#episode.fill(0);
    this.#episode[3] = opponent;
    this.observe(observation);
    this.readLegalActions();
  }

  /** Counts a step. */
  count(reward: number, failed: boolean): void {
    const episode = this.#episode;
    episode[0]!++;
    episode[1]! += reward;
    if (!failed) episode[2]! += reward;
  }

  observe(observation: ArrayLike<number>): void {
    copyNumbers(this.observation, 0, observation);
  }
}
