import { RunError, reasonOf, show } from "../errors.ts";
import type { Environment, StepResult } from "./environment.ts";
import type { EnvironmentSpec } from "./environmentSpec.ts";
import type { LegalActions } from "./legalActions.ts";

/** Maximum steps of an episode. A longer episode is an error. */
const ENDLESS = 100_000;

/** Function or class without parameters that makes a user's environment. */
export type EnvironmentFactory = (() => Environment) | (new () => Environment);

/** Validates each result of a user's environment, so that an error names the step that caused it. */
class CheckedEnvironment implements Environment {
  readonly observationSize: number;
  readonly actionCount: number;
  readonly players: 1 | 2;
  getState?: () => Uint8Array;
  setState?: (state: Uint8Array) => void;
  legalActions?: () => LegalActions;
  readonly #inner: Environment;
  readonly #id: string;
  #episode = 0;
  #step = 0;

  constructor(inner: Environment, id: string) {
    this.#inner = inner;
    this.#id = id;
    this.observationSize = this.#wholeNumber("observationSize", inner.observationSize);
    this.actionCount = this.#wholeNumber(
      "actionCount (actions must be discrete)",
      inner.actionCount,
    );
    const { players = 1 } = inner;
    if (players !== 1 && players !== 2) {
      throw new RunError(`The environment ${id} must have 1 or 2 players, got ${show(players)}.`);
    }
    this.players = players;
    if (inner.legalActions !== undefined) this.legalActions = () => this.#checkedMask();
    const { getState, setState } = inner;
    if (getState === undefined || setState === undefined) return;
    this.getState = () => {
      const state: unknown = this.#attempt("getState", () => getState.call(inner));
      return state instanceof Uint8Array ? state : this.#refuse("a Uint8Array as its state", state);
    };
    this.setState = (state) => setState.call(inner, state);
  }

  reset(options: { readonly seed?: number } = {}): ArrayLike<number> {
    this.#episode++;
    this.#step = 0;
    return this.#attempt("reset", () => {
      const observation = this.#inner.reset(options);
      this.#checkObservation(observation);
      return observation;
    });
  }

  step(action: number): StepResult {
    this.#step++;
    return this.#attempt("step", () => this.#checked(this.#inner.step(action)));
  }

  #checked(result: StepResult): StepResult {
    if (typeof result !== "object" || result === null) {
      return this.#refuse("a result with observation, reward, terminated and truncated", result);
    }
    this.#checkObservation(result.observation);
    if (!Number.isFinite(result.reward)) this.#refuse("a finite reward", result.reward);
    for (const flag of ["terminated", "truncated"] as const) {
      if (typeof result[flag] !== "boolean")
        this.#refuse(`${flag} to be true or false`, result[flag]);
    }
    if (this.#step >= ENDLESS && !result.terminated && !result.truncated) {
      this.#refuse("the episode to end, or maxEpisodeSteps to be set", this.#step);
    }
    return result;
  }

  #checkObservation(observation: ArrayLike<number>): void {
    const size = this.observationSize;
    const list = Array.isArray(observation) || ArrayBuffer.isView(observation);
    if (!list || observation.length !== size) {
      this.#refuse(`an observation of ${size} numbers`, list ? observation.length : observation);
    }
    for (let k = 0; k < size; k++) {
      if (!Number.isFinite(observation[k])) {
        this.#refuse(`observation[${k}] to be a finite number`, observation[k]);
      }
    }
  }

  #checkedMask(): LegalActions {
    return this.#attempt("legalActions", () => {
      const mask = this.#inner.legalActions!();
      const count = this.actionCount;
      if (mask?.length !== count) {
        this.#refuse(`legalActions to return ${count} values`, mask?.length ?? mask);
      }
      for (let action = 0; action < count; action++) if (mask[action]) return mask;
      return this.#refuse("a legal action or the end of the episode", Array.from(mask));
    });
  }

  #wholeNumber(what: string, value: unknown): number {
    if (Number.isInteger(value) && (value as number) >= 1) return value as number;
    throw new RunError(
      `The environment ${this.#id} must have a whole number of at least 1 as its ${what}, got ${show(value)}.`,
    );
  }

  #attempt<Result>(what: string, action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      if (error instanceof RunError) throw error;
      throw new RunError(
        `The environment ${this.#id} threw in ${what} (episode ${this.#episode}, step ${this.#step}): ${reasonOf(error)}`,
      );
    }
  }

  #refuse(expected: string, got: unknown): never {
    throw new RunError(
      `The environment ${this.#id}, episode ${this.#episode}, step ${this.#step}: expected ${expected}, got ${show(got)}.`,
    );
  }
}

function isClass(factory: EnvironmentFactory): factory is new () => Environment {
  return /^class\b/.test(Function.prototype.toString.call(factory));
}

/**
 * Describes a user's environment for `train`.
 * @param id the environment's name in messages and files
 * @param factory called three times: for the sizes, for training and for evaluation
 * @throws RunError if the factory throws or a size is invalid
 */
export function customEnvironment(id: string, factory: EnvironmentFactory): EnvironmentSpec {
  const make = () => {
    let inner: Environment;
    try {
      inner = isClass(factory) ? new factory() : factory();
    } catch (error) {
      throw new RunError(`The environment ${id} could not be created: ${reasonOf(error)}`);
    }
    if (typeof inner !== "object" || inner === null) {
      throw new RunError(`The environment ${id} must have reset and step, got ${show(inner)}.`);
    }
    return new CheckedEnvironment(inner, id);
  };
  const { actionCount, legalActions, observationSize, players } = make();
  return {
    id,
    observationSize,
    actionCount,
    players,
    hasLegalActions: legalActions !== undefined,
    rewardThreshold: null,
    maxReturn: Infinity,
    bytes: 0,
    make,
  };
}
