import { cosine, sine } from "../../assembly/trigonometry.ts";
import type { Core } from "../kernels/core.ts";
import type { BuiltIn } from "./builtIn.ts";
import { ClassicControl, type Task } from "./classicControl.ts";

const task: Task = {
  observationSize: 6,
  actionCount: 3,
  stateSize: 4,
  bound: 30,
  kernel: "acrobotStep",
  force: (action) => action - 1,
  reward: -1,
  lastReward: 0,
};

/**
 * Acrobot as in Gymnasium's Acrobot-v1: two links with a torque at the joint between them. The reward is -1 per step until the tip is
 * one link above the axis. Observation: cosine and sine of both angles, then both angular velocities. Actions 0, 1 and 2 apply the
 * torques -1, 0 and 1.
 */
export class Acrobot extends ClassicControl {
  constructor(core?: Core, ptr = 0, maxEpisodeSteps = 500) {
    super(core, ptr, task, maxEpisodeSteps, new.target === Acrobot);
  }

  /** Draws angles (0: hanging down) and angular velocities uniformly from [-0.1, 0.1). */
  protected start(): void {
    const { observation } = this.result;
    for (let k = 0; k < 4; k++) this.state[k] = this.uniform(-0.1, 0.1);
    const [theta1 = 0, theta2 = 0, velocity1 = 0, velocity2 = 0] = this.state;
    observation[0] = cosine(theta1);
    observation[1] = sine(theta1);
    observation[2] = cosine(theta2);
    observation[3] = sine(theta2);
    observation[4] = velocity1;
    observation[5] = velocity2;
  }
}

export const acrobot = {
  id: "Acrobot-v1",
  observationSize: 6,
  actionNames: ["turn one way", "let it swing", "turn the other way"],
  maxEpisodeSteps: 500,
  rewardThreshold: -100,
  rewardPerStep: 0,
  maxReturn: 0,
  make: (core, ptr, limit) => new Acrobot(core, ptr, limit),
} as const satisfies BuiltIn;
