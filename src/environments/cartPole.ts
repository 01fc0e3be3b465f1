import type { Core } from "../kernels/core.ts";
import type { BuiltIn } from "./builtIn.ts";
import { ClassicControl, type Task } from "./classicControl.ts";
import type { EnvironmentOptions } from "./environmentSpec.ts";

const FORCE = 10;
const POSITION_LIMIT = 2.4;

const task: Task = {
  observationSize: 4,
  actionCount: 2,
  stateSize: 4,
  bound: 1e6,
  kernel: "cartPoleStep",
  force: (action) => (action === 0 ? -FORCE : FORCE),
  reward: 1,
  lastReward: 1,
};

/** Variants of CartPole; see `EnvironmentOptions`. */
export type CartPoleOptions = Pick<EnvironmentOptions, "forceNoise" | "targetPosition">;

/**
 * CartPole as in Gymnasium's CartPole-v1. The reward is 1 per step, including the last. An episode terminates beyond 2.4 m or
 * 12 degrees. Observation: position m, velocity m/s, angle rad, angular velocity rad/s. Action 0 pushes left, 1 right.
 */
export class CartPole extends ClassicControl {
  readonly #forceNoise: number;
  readonly #targetPosition: number | null;

  constructor(core?: Core, ptr = 0, maxEpisodeSteps = 500, options: Partial<CartPoleOptions> = {}) {
    const { forceNoise = 0, targetPosition = null } = options;
    // The noise shares the stream of the initial states, and the reward of a target depends on the position.
    const plain = forceNoise === 0 && targetPosition === null;
    super(core, ptr, task, maxEpisodeSteps, plain && new.target === CartPole);
    this.#forceNoise = forceNoise;
    this.#targetPosition = targetPosition;
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

  protected override forceOf(action: number): number {
    const noise = this.#forceNoise;
    return noise > 0 ? super.forceOf(action) + this.uniform(-noise, noise) : super.forceOf(action);
  }

  protected override advance(action: number): boolean {
    const ended = super.advance(action);
    if (this.#targetPosition !== null) this.#aim(this.#targetPosition);
    return ended;
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
