import type { Picture } from "../scenes/scene.ts";
import type { Environment, StepResult } from "./environment.ts";
import type { LegalActions } from "./legalActions.ts";

/** Base class of environments that change the observations or the end of an inner environment. */
export abstract class Wrapper implements Environment {
  readonly observationSize: number;
  readonly actionCount: number;
  readonly players: 1 | 2;
  getState?: () => Uint8Array;
  setState?: (state: Uint8Array) => void;
  legalActions?: () => LegalActions;
  render?: () => string | Picture;
  protected readonly result: {
    observation: ArrayLike<number>;
    reward: number;
    terminated: boolean;
    truncated: boolean;
  };
  readonly #inner: Environment;

  /** @param own the wrapper's state; `getState` returns it, followed by the inner state */
  constructor(inner: Environment, observationSize: number, own: Uint8Array) {
    this.observationSize = observationSize;
    this.actionCount = inner.actionCount;
    this.players = inner.players ?? 1;
    this.#inner = inner;
    this.result = { observation: [], reward: 0, terminated: false, truncated: false };
    const { getState, legalActions, render, setState } = inner;
    if (legalActions !== undefined) this.legalActions = () => legalActions.call(inner);
    if (render !== undefined) this.render = () => render.call(inner);
    if (getState === undefined || setState === undefined) return;
    this.getState = () => {
      const state = getState.call(inner);
      const both = new Uint8Array(own.length + state.length);
      both.set(own);
      both.set(state, own.length);
      return both;
    };
    this.setState = (state) => {
      own.set(state.subarray(0, own.length));
      setState.call(inner, state.subarray(own.length));
    };
  }

  /** Returns the changed first observation of an episode. Called by `reset`. */
  protected abstract begin(
    observation: ArrayLike<number>,
    seed: number | undefined,
  ): ArrayLike<number>;

  /** Changes `result`, which holds a copy of the inner result. Called by `step`. */
  protected abstract change(): void;

  reset(options: { readonly seed?: number } = {}): ArrayLike<number> {
    return this.begin(this.#inner.reset(options), options.seed);
  }

  step(action: number): StepResult {
    const { observation, reward, terminated, truncated } = this.#inner.step(action);
    const { result } = this;
    result.observation = observation;
    result.reward = reward;
    result.terminated = terminated;
    result.truncated = truncated;
    this.change();
    return result;
  }
}
