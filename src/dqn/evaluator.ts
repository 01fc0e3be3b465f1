import type { Environment } from "../environments/environment.ts";
import type { ActingNetwork } from "../network/actingNetwork.ts";
import { evaluate, playGreedily } from "./evaluate.ts";
import type { Evaluation, EvaluationOptions } from "./evaluation.ts";

/** Plays the evaluations of a run with the current Q-network. Does not change the training. */
export class Evaluator {
  readonly #policy: ActingNetwork;
  readonly #environment: Environment;
  /** The unfinished evaluation. */
  #playing: Generator<undefined, Evaluation> | null = null;

  /** @param environment an instance for evaluations only */
  constructor(policy: ActingNetwork, environment: Environment) {
    this.#policy = policy;
    this.#environment = environment;
  }

  /** Plays the next piece of an evaluation. Returns the results after the last one, else null. Only the first call's options count. */
  playNext(options: EvaluationOptions): Evaluation | null {
    this.#playing ??= playGreedily(this.#policy, this.#environment, options);
    const { done, value } = this.#playing.next();
    if (!done) return null;
    this.#playing = null;
    return value;
  }

  /** Plays a whole evaluation. An unfinished one starts again afterwards, because both use the same memory. */
  playAll(options: EvaluationOptions): Evaluation {
    this.#playing = null;
    return evaluate(this.#policy, this.#environment, options);
  }
}
