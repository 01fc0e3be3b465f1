import { summarize } from "../dqn/evaluation.ts";
import type { Training } from "../dqn/training.ts";
import type { EnvironmentOptions, EnvironmentSpec } from "../environments/environmentSpec.ts";
import { environmentSpec, isBuiltIn, plainEnvironment } from "../environments/registry.ts";
import { RunError } from "../errors.ts";
import { readPolicy, weightsSha256 } from "../formats/policy.ts";
import { readOrigin } from "../formats/policyOrigin.ts";
import { findGame } from "../games/builtInGames.ts";
import type { Backend } from "../kernels/kernels.ts";
import { layOutParameters } from "../network/parameterLayout.ts";
import { differenceText, verifyPolicy } from "./verifyPolicy.ts";

/** A record in the table: the fewest steps, or the fewest parameters, with which an environment was solved. */
export interface RecordRow {
  /** Name of its policy file, such as fastest-CartPole-v1.safetensors. */
  readonly file: string;
  readonly kind: "fastest" | "smallest";
  readonly env: string;
  /** Environment steps of the training. */
  readonly steps: number;
  /** Trainable parameters of the network. */
  readonly parameters: number;
  /** Sizes of the network's layers, such as 4-32-2. */
  readonly network: string;
  readonly seed: number;
  readonly weightsSha256: string;
}

/** Least number of episodes of the evaluation that decides whether a run is solved. */
const EVAL_EPISODES = 100;

/** Returns the environment of a record and the mean return that solves it. @throws RunError if it has no threshold */
function environmentOf(env: string, file: string) {
  const game: EnvironmentSpec | undefined = isBuiltIn(env) ? undefined : findGame(env);
  const { rewardThreshold = null } = game ?? (isBuiltIn(env) ? environmentSpec(env) : {});
  if (rewardThreshold === null) {
    throw new RunError(
      `${file} needs a built-in environment or game with a rewardThreshold, got ${env}.`,
    );
  }
  return { game, threshold: rewardThreshold };
}

/**
 * Reads the policy file of a record and checks that its configuration keeps the rules.
 * @throws RunError if the file is damaged or breaks a rule
 */
export async function readRecord(bytes: Uint8Array, file: string): Promise<RecordRow> {
  const [, kind, env = ""] = /^(fastest|smallest)-(.+)\.safetensors$/.exec(file) ?? [];
  const { config, steps } = readOrigin(bytes, file);
  const { description, tensors } = readPolicy(bytes, file);
  const refuse = (rule: string) => {
    throw new RunError(`${file} breaks a rule of the records: ${rule}.`);
  };
  if (kind !== "fastest" && kind !== "smallest") {
    return refuse("its name is fastest-ENV.safetensors or smallest-ENV.safetensors");
  }
  if (config.env !== env) refuse(`its environment is ${config.env}`);
  const { threshold } = environmentOf(env, file);
  const keys = Object.keys(plainEnvironment) as (keyof EnvironmentOptions)[];
  const changed = keys.find((key) => config[key] !== plainEnvironment[key]);
  if (changed !== undefined) refuse(`${changed} changes the environment`);
  if (config.solvedBy !== "evaluation" || config.evalEpisodes < EVAL_EPISODES) {
    refuse(`solvedBy is evaluation, with at least ${EVAL_EPISODES} evalEpisodes`);
  }
  if (config.solvedThreshold < threshold) refuse(`solvedThreshold is at least ${threshold}`);
  const { shape } = description;
  const { actionCount, hiddenSizes, observationSize } = shape;
  // Padding, running statistics and the normalisation of observations do not count.
  const sizes = layOutParameters(shape).layers.flatMap(({ layer }) =>
    Object.values(layer.parameters).map((parameter) =>
      parameter.trainable ? parameter.shape.reduce((product, size) => product * size, 1) : 0,
    ),
  );
  return {
    ...{ file, kind, env, steps },
    parameters: sizes.reduce((sum, size) => sum + size, 0),
    network: [observationSize, ...hiddenSizes, actionCount].join("-"),
    seed: config.seed,
    weightsSha256: await weightsSha256(tensors),
  };
}

export interface CheckOptions {
  readonly backend: Backend;
  readonly onSlice?: (training: Training) => void;
}

/**
 * Trains a record again. Returns null if it is valid, else one sentence: its weights agree, its run ended because it was solved, and
 * 100 greedy episodes that the training has not seen reach the threshold.
 * @throws RunError if the file is damaged or breaks a rule
 */
export async function findProblem(
  bytes: Uint8Array,
  file: string,
  options: CheckOptions,
): Promise<string | null> {
  const { env, steps } = await readRecord(bytes, file);
  const { game, threshold } = environmentOf(env, file);
  const result = await verifyPolicy(bytes, file, { ...options, environment: game });
  const { matches, training } = result;
  if (!matches) return differenceText(result);
  if (training.solved !== true) return `The run has not solved ${env} at step ${steps}.`;
  const { mean } = summarize(training.finalEvaluation().returns);
  if (mean >= threshold) return null;
  return `The mean return of 100 other episodes is ${mean}, below ${threshold}.`;
}
