import type { ConfigChanges } from "../../config/config.ts";
import { classicControlBytes } from "../../environments/classicControl.ts";
import type { EnvironmentSpec } from "../../environments/environmentSpec.ts";
import { openPolicy, type Policy } from "../../formats/policy.ts";
import { supportsWasm } from "../../kernels/core.ts";
import type { Picture } from "../../scenes/scene.ts";
import { viewOf } from "../../scenes/views.ts";
import type { Ending } from "../tabs.ts";

/** Plays one episode after another with a policy, or with given actions. */
export class Player {
  readonly policy: Policy;
  /** Observation before and after the last step. With stacked frames, only the last frame. */
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** Steps and rewards of the current episode. */
  steps = 0;
  total = 0;
  action = 0;
  /** How the episode ended; null until it does. */
  ending: Ending | null = null;
  #observation: ArrayLike<number>;

  /**
   * @param game environment that the policy was trained in; undefined if it is built in
   * @throws RunError if the bytes are not a policy file of that environment
   */
  constructor(bytes: Uint8Array, name: string, game: EnvironmentSpec | undefined) {
    const backend = supportsWasm() ? "wasm" : "js";
    this.policy = openPolicy(bytes, name, { backend, ...(game && { env: game }) });
    const { description, environment, spec } = this.policy;
    const size = spec.observationSize / description.options.frameStack;
    this.before = new Float64Array(size);
    this.after = new Float64Array(size);
    this.#observation = environment.reset({ seed: 1 });
    this.#remember();
    this.before.set(this.after);
  }

  get options(): ConfigChanges {
    return this.policy.description.options;
  }

  /** The observation that the network sees. */
  get observation(): ArrayLike<number> {
    return this.#observation;
  }

  /** The current state as a game draws it: a text or a picture. */
  get board(): string | Picture {
    return this.policy.environment.render?.() ?? "";
  }

  /** Copies the newest frame. */
  #remember(): void {
    const start = this.#observation.length - this.after.length;
    for (let k = 0; k < this.after.length; k++) this.after[k] = this.#observation[start + k]!;
  }

  /** Returns the network's action in the current state, or for `observation`. Its Q-values are then in `policy.network.qValues`. */
  greedyAction(observation: ArrayLike<number> | null = null): number {
    const { environment, network } = this.policy;
    network.observation.set(observation ?? this.#observation);
    return network.greedyAction(environment.legalActions?.() ?? null);
  }

  /** Whether an action is legal in the current state. */
  allows(action: number): boolean {
    return Boolean(this.policy.environment.legalActions?.()[action] ?? true);
  }

  /** Takes a step. The episode must not have ended. */
  step(action = this.greedyAction()): void {
    const { environment, spec } = this.policy;
    this.action = action;
    const { observation, reward, terminated, truncated } = environment.step(action);
    this.steps++;
    this.total = spec.players === 2 ? reward : this.total + reward;
    this.before.set(this.after);
    this.#observation = observation;
    this.#remember();
    if (terminated || truncated) this.ending = { steps: this.steps, total: this.total, terminated };
  }

  /** Begins the next episode. */
  restart(): void {
    this.steps = 0;
    this.total = 0;
    this.ending = null;
    this.#observation = this.policy.environment.reset();
    this.#remember();
    this.before.set(this.after);
  }

  /** Changes the velocity of the cart, car or arm by `strength` units of its view. */
  push(strength: number): void {
    const { environment, spec } = this.policy;
    const push = viewOf(spec.id)?.push;
    const state = environment.getState?.();
    if (push === undefined || state === undefined) return;
    const { limit, stateIndex, unit } = push;
    // Wrappers put their own bytes first.
    const bytes = new DataView(state.buffer, state.byteLength - classicControlBytes);
    const velocity = bytes.getFloat64(8 * stateIndex, true) + strength * unit;
    bytes.setFloat64(8 * stateIndex, Math.max(-limit, Math.min(limit, velocity)), true);
    environment.setState?.(state);
  }
}
