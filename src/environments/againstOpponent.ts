import { RandomStream, streamSeed, streams } from "../numerics/random.ts";
import type { Environment, StepResult } from "./environment.ts";
import { drawAction, type LegalActions } from "./legalActions.ts";

/** Chooses an action. `legal` is the mask of the legal actions; null if all are legal. */
export type ChooseAction = (observation: ArrayLike<number>, legal: LegalActions | null) => number;

/** Returns a function that chooses random legal actions. */
export function randomActions(actionCount: number, seed: number): ChooseAction {
  const random = new RandomStream(new Uint32Array(4)).seed(streamSeed(seed, streams.exploration));
  return (_, legal) => drawAction(random, actionCount, legal);
}

/**
 * A two-player game as a task for one player: `step` plays the player's move and the opponent's answer. The players begin in turn, the
 * player first. The reward is the player's minus the opponent's. An episode that the opponent's first move ends starts again.
 */
export class AgainstOpponent implements Environment {
  readonly observationSize: number;
  readonly actionCount: number;
  readonly legalActions?: () => LegalActions;
  readonly #game: Environment;
  readonly #opponent: ChooseAction;
  readonly #result = {
    observation: [] as ArrayLike<number>,
    reward: 0,
    terminated: false,
    truncated: false,
  };
  #opponentBegins = true;

  constructor(game: Environment, opponent: ChooseAction) {
    this.observationSize = game.observationSize;
    this.actionCount = game.actionCount;
    if (game.legalActions !== undefined) this.legalActions = () => game.legalActions!();
    this.#game = game;
    this.#opponent = opponent;
  }

  reset(options: { readonly seed?: number } = {}): ArrayLike<number> {
    if (options.seed !== undefined) this.#opponentBegins = true;
    this.#opponentBegins = !this.#opponentBegins;
    const observation = this.#game.reset(options);
    if (!this.#opponentBegins) return observation;
    const { observation: next, terminated, truncated } = this.#answer(observation);
    return terminated || truncated ? this.#game.reset() : next;
  }

  step(action: number): StepResult {
    const result = this.#result;
    const own = this.#game.step(action);
    result.reward = own.reward;
    const ended = own.terminated || own.truncated;
    const last = ended ? own : this.#answer(own.observation);
    if (!ended) result.reward -= last.reward;
    result.observation = last.observation;
    result.terminated = last.terminated;
    result.truncated = last.truncated;
    return result;
  }

  #answer(observation: ArrayLike<number>): StepResult {
    return this.#game.step(this.#opponent(observation, this.legalActions?.() ?? null));
  }
}
