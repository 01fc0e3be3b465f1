import { RunError } from "../errors.ts";
import type { Environment, StepResult } from "./environment.ts";
import type { LegalActions } from "./legalActions.ts";

/** An environment whose functions return promises, such as a game behind a socket. Its runs are not resumed within an episode. */
export interface AsyncEnvironment
  extends Omit<
    Environment,
    "getState" | "legalActions" | "render" | "reset" | "setState" | "step"
  > {
  reset(options?: { readonly seed?: number }): Promise<ArrayLike<number>>;
  step(action: number): Promise<StepResult>;
  legalActions?(): LegalActions | Promise<LegalActions>;
}

/** Function or class without parameters that makes an asynchronous environment. */
export type AsyncEnvironmentFactory = (() => AsyncEnvironment) | (new () => AsyncEnvironment);

/** Thrown when `reset` returns a promise. `train` catches it and waits for the promise. */
export class PromisedReset extends RunError {
  readonly environment: AsyncEnvironment;
  readonly observation: Promise<ArrayLike<number>>;

  constructor(id: string, environment: AsyncEnvironment, observation: Promise<ArrayLike<number>>) {
    super(`The environment ${id} returned a promise: only the library's train() waits for it.`);
    this.environment = environment;
    this.observation = observation;
    // Marks a rejection as handled, also without a caller that awaits it.
    observation.then(undefined, () => {});
  }
}

export const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as Promise<unknown> | null)?.then === "function";
