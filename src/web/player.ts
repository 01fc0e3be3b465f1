import { classicControlBytes } from "../environments/classicControl.ts";
import { openPolicy, type Policy } from "../formats/policy.ts";
import { supportsWasm } from "../kernels/core.ts";
import { viewOf } from "../scenes/views.ts";

/** Plays one episode after another, with a policy or with the user's actions. */
export class Player {
  policy: Policy;
  /** Action that replaces the policy's; `alternate` takes the first and the last in turn; null for the policy's own. */
  steering: number | "alternate" | null = null;
  /** Steps of the current episode. */
  steps = 0;
  action = 0;
  /** Length of the last finished episode; null before the first ends. */
  lastSteps: number | null = null;
  /** Observation before and after the last step. With stacked frames, only the last frame. */
  readonly before: Float64Array;
  readonly after: Float64Array;
  #observation: ArrayLike<number>;

  /** @throws RunError if the bytes are not a policy file */
  constructor(bytes: Uint8Array, name: string) {
    this.policy = openPolicy(bytes, name, { backend: supportsWasm() ? "wasm" : "js" });
    const { description, environment, spec } = this.policy;
    const size = spec.observationSize / description.options.frameStack;
    this.before = new Float64Array(size);
    this.after = new Float64Array(size);
    this.#observation = environment.reset({ seed: 1 });
    this.#remember();
    this.before.set(this.after);
  }

  /** Copies the newest frame. */
  #remember(): void {
    const start = this.#observation.length - this.after.length;
    for (let k = 0; k < this.after.length; k++) this.after[k] = this.#observation[start + k]!;
  }

  /** Takes a step, and begins the next episode if this one has ended. */
  step(): void {
    const { environment, network, spec } = this.policy;
    network.observation.set(this.#observation);
    this.action = network.greedyAction();
    if (this.steering === "alternate")
      this.action = this.steps % 2 === 0 ? 0 : spec.actionCount - 1;
    else if (this.steering !== null) this.action = this.steering;
    const { observation, terminated, truncated } = environment.step(this.action);
    this.steps++;
    this.before.set(this.after);
    this.#observation = observation;
    this.#remember();
    if (!terminated && !truncated) return;
    this.lastSteps = this.steps;
    this.restart();
  }

  /** Begins the next episode. */
  restart(): void {
    this.steps = 0;
    this.#observation = this.policy.environment.reset();
    this.#remember();
    this.before.set(this.after);
  }

  /** In play mode, selects the first or the last action from now on. Returns whether play mode is on. */
  steer(last: boolean): boolean {
    if (this.steering === null) return false;
    this.steering = last ? this.policy.spec.actionCount - 1 : 0;
    return true;
  }

  /** Ends the pointer's or key's choice of action. */
  letGo(): void {
    if (this.steering !== null) this.steering = "alternate";
  }

  /** Changes the velocity of the cart or car. A strength of 1 is a firm push to the right. */
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
