import { type Config, defaults } from "../../src/config/config.ts";
import { Training } from "../../src/dqn/training.ts";
import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";
import { encodeCheckpoint } from "../../src/formats/checkpoint.ts";
import { encodePolicy } from "../../src/formats/policy.ts";
import { scriptedEnvironment } from "../dqn/scriptedEnvironment.ts";

const base: Config = {
  ...{ ...defaults, totalSteps: 60, hiddenSizes: [3], bufferSize: 40, batchSize: 4 },
  ...{ learningStarts: 8, evalEvery: null },
};
const scripted = scriptedEnvironment([{ length: 7, end: "terminated" }]).spec;

/** A file that the library has written. */
export interface WrittenFile {
  readonly bytes: Uint8Array;
  /** The custom environment that it needs to be resumed. */
  readonly environment?: EnvironmentSpec;
}

function policyOf(changes: Partial<Config>): WrittenFile {
  const training = new Training({ ...defaults, bufferSize: 64, hiddenSizes: [3], ...changes });
  return { bytes: encodePolicy(training) };
}

function checkpointOf(
  changes: Partial<Config>,
  steps: number,
  environment?: EnvironmentSpec,
): WrittenFile {
  const training = new Training({ ...base, ...changes }, {}, environment);
  training.advance(steps);
  const bytes = encodeCheckpoint(training, "solve", 1.5);
  return environment === undefined ? { bytes } : { bytes, environment };
}

/** Policies with every kind of network and environment. */
export const policies: readonly WrittenFile[] = [
  policyOf({}),
  policyOf({ batchNorm: true, dueling: true, frameStack: 2, env: "CartPole-v0", forceNoise: 1 }),
  policyOf({ env: "Acrobot-v1", hiddenSizes: [], maxEpisodeSteps: 0, observationNoise: 0.1 }),
  policyOf({ env: "MountainCar-v0", hiddenSizes: [2, 2], activation: "tanh" }),
];

/** Checkpoints with every kind of agent and environment. */
export const checkpoints: readonly WrittenFile[] = [
  checkpointOf({}, 30),
  checkpointOf({ prioritized: true, nSteps: 3, doubleQ: true, dueling: true, backend: "js" }, 37),
  checkpointOf({ env: "Acrobot-v1", batchNorm: true, frameStack: 2, observationNoise: 0.1 }, 50),
  checkpointOf({ env: "MountainCar-v0", totalSteps: null, totalEpisodes: 3 }, 0),
  checkpointOf({ nSteps: 2 }, 20, scripted),
];
