import type { Core } from "../kernels/core.ts";
import type { BuiltIn } from "./builtIn.ts";
import { ClassicControl, type Task } from "./classicControl.ts";

const task: Task = {
  observationSize: 2,
  actionCount: 3,
  stateSize: 2,
  bound: 2,
  kernel: "mountainCarStep",
  force: (action) => action - 1,
  reward: -1,
  lastReward: -1,
};

/**
 * MountainCar as in Gymnasium's MountainCar-v0. The reward is -1 per step until the car reaches position 0.5 on the right hill.
 * Observation: position, velocity. Action 0 accelerates left, 1 not at all, 2 right.
 */
export class MountainCar extends ClassicControl {
  constructor(core?: Core, ptr = 0, maxEpisodeSteps = 200) {
    super(core, ptr, task, maxEpisodeSteps, new.target === MountainCar);
  }

  /** Draws the position uniformly from [-0.6, -0.4). The velocity is 0. */
  protected start(): void {
    const { observation } = this.result;
    const position = this.uniform(-0.6, -0.4);
    this.state[0] = position;
    this.state[1] = 0;
    observation[0] = position;
    observation[1] = 0;
  }
}

export const mountainCar = {
  id: "MountainCar-v0",
  observationSize: 2,
  actionNames: ["push left", "let it roll", "push right"],
  maxEpisodeSteps: 200,
  rewardThreshold: -110,
  rewardPerStep: 0,
  maxReturn: 0,
  make: (core, ptr, limit) => new MountainCar(core, ptr, limit),
} as const satisfies BuiltIn;
