import type { Core } from "../kernels/core.ts";
import type { BuiltIn } from "./builtIn.ts";
import { ClassicControl } from "./classicControl.ts";
import type { EnvironmentOptions } from "./environmentSpec.ts";

const FORCE = 10;
const POSITION_LIMIT = 2.4;

/** Variants of CartPole; see `EnvironmentOptions`. */
export type CartPoleOptions = Pick<EnvironmentOptions, "forceNoise" | "targetPosition">;

/**
 * CartPole as in Gymnasium's CartPole-v1. The reward is 1 per step, including the last. An episode terminates beyond 2.4 m or
 * 12 degrees. Observation: position m, velocity m/s, angle rad, angular velocity rad/s. Action 0 pushes left, 1 right.
 */
export class CartPole extends ClassicControl {
  readonly #force: Float64Array;
  readonly #forceNoise: number;
  readonly #targetPosition: number | null;

  constructor(core?: Core, ptr = 0, maxEpisodeSteps = 500, options: Partial<CartPoleOptions> = {}) {
    super(core, ptr, { observationSize: 4, actionCount: 2, bound: 1e6 }, maxEpisodeSteps);
    this.#force = new Float64Array(this.core.buffer, this.forcePtr, 1);
    this.#forceNoise = options.forceNoise ?? 0;
    this.#targetPosition = options.targetPosition ?? null;
    this.result.reward = 1;
  }

  /** Draws the four numbers of the state uniformly from [-0.05, 0.05). */
  protected start(): void {
    const { observation } = this.result;
    for (let k = 0; k < 4; k++) {
      const value = this.random.next() * 0.1 - 0.05;
      this.state[k] = value;
      observation[k] = value;
    }
    if (this.#targetPosition !== null) this.#aim(this.#targetPosition);
  }

  protected advance(action: number): boolean {
    let force = action === 0 ? -FORCE : FORCE;
    if (this.#forceNoise > 0) force += this.uniform(-this.#forceNoise, this.#forceNoise);
    this.#force[0] = force;
    const ended = this.core.kernels.cartPoleStep(
      this.statePtr,
      this.observationPtr,
      this.terminatedPtr,
      this.forcePtr,
      1,
    );
    if (this.#targetPosition !== null) this.#aim(this.#targetPosition);
    return ended === 1;
  }

  #aim(target: number): void {
    const distance = this.state[0]! - target;
    this.result.observation[0] = distance;
    this.result.reward = Math.max(0, 1 - Math.abs(distance) / POSITION_LIMIT);
  }
}

const cartPole = <const Id extends string>(
  id: Id,
  maxEpisodeSteps: number,
  rewardThreshold: number,
): BuiltIn<Id> => ({
  id,
  observationSize: 4,
  actionNames: ["push left", "push right"],
  maxEpisodeSteps,
  rewardThreshold,
  rewardPerStep: 1,
  maxReturn: maxEpisodeSteps,
  ownOptions: ["forceNoise", "targetPosition"],
  make: (core, ptr, limit, options) => new CartPole(core, ptr, limit, options),
});

export const cartPoles = [cartPole("CartPole-v1", 500, 475), cartPole("CartPole-v0", 200, 195)];
