import { placedReason, RunError, show, UsageError } from "../errors.ts";
import type { Picture } from "../scenes/scene.ts";
import {
  type AsyncEnvironment,
  type AsyncEnvironmentFactory,
  isPromise,
  PromisedReset,
} from "./asyncEnvironment.ts";
import type { Environment, StepResult } from "./environment.ts";
import { validateMembers } from "./environmentMembers.ts";
import type { EnvironmentSpec } from "./environmentSpec.ts";
import type { LegalActions } from "./legalActions.ts";

/** Maximum steps of an episode. A longer episode is an error. */
const ENDLESS = 100_000;

/** Function or class without parameters that makes a user's environment. */
export type EnvironmentFactory = (() => Environment) | (new () => Environment);

/** Validates each result of a user's environment, so that an error names the step that caused it. */
export class CheckedEnvironment implements Environment {
  readonly observationSize: number;
  readonly actionCount: number;
  readonly players: 1 | 2;
  getState?: () => Uint8Array;
  setState?: (state: Uint8Array) => void;
  legalActions?: () => LegalActions;
  render?: () => string | Picture;
  readonly #inner: Environment;
  readonly #id: string;
  readonly #bytes: boolean;
  #episode = 0;
  #step = 0;

  constructor(inner: Environment, id: string) {
    this.#inner = inner;
    this.#id = id;
    this.#bytes = inner.observationType === "uint8";
    this.observationSize = inner.observationSize;
    this.actionCount = inner.actionCount;
    this.players = inner.players ?? 1;
    const { getState, legalActions, render, setState } = inner;
    if (legalActions !== undefined) this.legalActions = () => this.#checkedMask();
    if (render !== undefined) this.render = () => this.#attempt("render", () => render.call(inner));
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
      if (isPromise(observation)) this.#refusePromise(observation);
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
    if (result.observation === undefined && isPromise(result)) {
      this.#refuse("an async reset, because step is async", result);
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
    // Bytes are finite. To read 1,000 of them takes longer than a step of a game.
    if (observation instanceof Uint8Array) return;
    for (let k = 0; k < size; k++) {
      const value = observation[k]!;
      if (this.#bytes ? (value & 255) === value : Number.isFinite(value)) continue;
      const expected = this.#bytes ? "whole number from 0 to 255 (uint8)" : "finite number";
      this.#refuse(`observation[${k}] to be a ${expected}`, value);
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

  #attempt<Result>(what: string, action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      if (error instanceof RunError) throw error;
      throw new RunError(
        `The environment ${this.#id} threw in ${what} (episode ${this.#episode}, step ${this.#step}): ${placedReason(error)}`,
      );
    }
  }

  /** @throws PromisedReset with the environment, which is asynchronous */
  #refusePromise(observation: unknown): never {
    const game = this.#inner as unknown as AsyncEnvironment;
    throw new PromisedReset(this.#id, game, observation as Promise<ArrayLike<number>>);
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

/** @throws UsageError: the value is neither a factory nor the result of `customEnvironment` */
function refuseEnvironment(value: unknown): never {
  const expected = "a class or function that makes it (Snake, not new Snake())";
  throw new UsageError(`environment must be ${expected}, got ${show(value)}.`);
}

/** Members that are equal in every instance of an environment. */
const FIXED = [
  "observationSize",
  "actionCount",
  "actionNames",
  "observationShape",
  "observationType",
  "players",
  "legalActions",
] as const;

/**
 * Describes a user's environment for `train`.
 * @param id the environment's name in messages and files
 * @param factory called three times: for the sizes, for training and for evaluation
 * @throws RunError if the factory throws or a member is invalid, UsageError if it is not a function
 */
export function customEnvironment(
  id: string,
  factory: EnvironmentFactory | AsyncEnvironmentFactory,
): EnvironmentSpec {
  if (typeof factory !== "function") refuseEnvironment(factory);
  const make = () => {
    let inner: Environment;
    try {
      // Results that are promises are refused when they are returned.
      const any = factory as EnvironmentFactory;
      inner = isClass(any) ? new any() : any();
    } catch (error) {
      throw new RunError(`The environment ${id} could not be created: ${placedReason(error)}`);
    }
    if (typeof inner?.reset !== "function" || typeof inner.step !== "function") {
      throw new RunError(`The environment ${id} must have reset and step, got ${show(inner)}.`);
    }
    validateMembers(id, inner);
    const { legalActions } = inner;
    if (legalActions !== undefined && typeof legalActions !== "function") {
      throw new RunError(
        `The environment ${id} must have a function as its legalActions, got ${show(legalActions)}.`,
      );
    }
    return inner;
  };
  const first = make();
  const { actionCount, actionNames, maxEpisodeSteps, observationShape, observationSize } = first;
  return {
    id,
    observationSize,
    observationShape,
    observationType: first.observationType,
    actionCount,
    players: first.players ?? 1,
    hasLegalActions: first.legalActions !== undefined,
    actionNames,
    maxEpisodeSteps,
    rewardThreshold: first.rewardThreshold ?? null,
    maxReturn: Infinity,
    bytes: 0,
    make() {
      const inner = make();
      for (const key of FIXED) {
        const [before, got] = [first, inner].map(({ [key]: value }) =>
          typeof value === "function" ? "a function" : String(value),
        );
        if (got === before) continue;
        throw new RunError(
          `Every instance of the environment ${id} must have the same ${key}: ${before}, got ${got}.`,
        );
      }
      return new CheckedEnvironment(inner, id);
    },
  };
}

/** Describes the environment of a class or function under its name. Returns a description unchanged. */
export function describeEnvironment(
  environment: EnvironmentFactory | AsyncEnvironmentFactory | EnvironmentSpec,
): EnvironmentSpec {
  if (typeof environment === "function") {
    const { name } = environment;
    return customEnvironment(name || "environment", environment);
  }
  const fits =
    typeof environment?.make === "function" &&
    environment.observationSize > 0 &&
    environment.actionCount > 0;
  return fits ? environment : refuseEnvironment(environment);
}
