import { type Config, parseConfig } from "../config/config.ts";
import { type ResumeChanges, refuseFixed } from "../config/resumeChanges.ts";
import { type Values, validate } from "../config/schema.ts";
import type { TrainingObserver } from "../dqn/observer.ts";
import { planRun } from "../dqn/runPlan.ts";
import { Training } from "../dqn/training.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import {
  oneLine,
  RunError,
  reasonOf,
  refuseUnless,
  refuseUnlessObject,
  saidBy,
} from "../errors.ts";
import { regionView } from "../network/arena.ts";
import type { Tensor } from "../network/namedTensor.ts";
import type { Bytes } from "../typedArrays.ts";
import { readHeldRun } from "./checkpointValidation.ts";
import { FILE_VERSION, refuseOtherVersions } from "./fileVersion.ts";
import {
  decodeTensors,
  encodeSafetensors,
  safetensorsPieces,
  type TensorInParts,
} from "./safetensors.ts";

const count = { kind: "number", whole: true, min: 0, max: Number.MAX_SAFE_INTEGER } as const;
const power = { kind: "number", min: 0, max: 1 } as const;
const score = { kind: "number", nullable: true } as const;
const flag = { kind: "boolean" } as const;

/** What is saved of a run besides its arrays. JSON has no NaN or infinity: such a number is null. */
const counterKinds = {
  steps: count,
  episodes: count,
  finished: flag,
  solved: { ...flag, nullable: true },
  runningScore: score,
  longestEpisode: count,
  bestEvaluation: score,
  episodeLength: count,
  episodeReturn: score,
  episodeScore: score,
  midStep: flag,
  updatesDue: count,
  ended: flag,
  lossSum: score,
  lossCount: count,
  meanQ: score,
  updates: count,
  beta1Power: power,
  beta2Power: power,
  replaySize: count,
  replayNextRow: count,
  pendingSteps: count,
  pendingFirst: count,
} as const;

type Counters = Values<typeof counterKinds>;

/** What a checkpoint says before anything is resumed from it. */
export interface Checkpoint {
  readonly recipe: string;
  readonly config: Config;
  /** Time spent training so far. */
  readonly seconds: number;
  readonly counters: Counters;
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** How messages call the file. */
  readonly name: string;
}

/** What a checkpoint file of a run holds. */
function contents(training: Training, recipe: string, seconds: number) {
  refuseUnless(training instanceof Training, "training", "a Training", training);
  refuseUnless(typeof recipe === "string", "recipe", "a string", recipe);
  refuseUnless(typeof seconds === "number" && seconds >= 0, "seconds", "at least 0", seconds);
  const { agent, config, core, plan } = training;
  const { lastLengths, lastReturns, ...state } = training.state;
  const { nStep, optimizer, replay } = agent;
  const counters: Counters = {
    ...state,
    lossSum: agent.lossSum,
    lossCount: agent.lossCount,
    meanQ: agent.meanQ(),
    updates: agent.updates,
    beta1Power: optimizer.beta1Power,
    beta2Power: optimizer.beta2Power,
    replaySize: replay.size,
    replayNextRow: replay.nextRow,
    pendingSteps: nStep.pending,
    pendingFirst: nStep.first,
  };
  const flat = (name: string, values: Tensor["values"]): Tensor => ({
    name,
    shape: [values.length],
    values,
  });
  const environment = training.environmentState();
  const tensors: (Tensor | TensorInParts)[] = [
    flat("lastReturns", Float64Array.from(lastReturns)),
    flat("lastLengths", Float64Array.from(lastLengths)),
    flat("greatestPriority", replay.greatestPriority),
    flat("priorities", replay.priorities()),
    ...Object.entries(plan.state).map(([name, region]) =>
      flat(name, regionView(core.buffer, region)),
    ),
    {
      name: "transitions",
      shape: [replay.size, plan.transition.size],
      parts: { [Symbol.iterator]: () => replay.transitions() },
    },
    ...(environment === null ? [] : [flat("environment", environment)]),
  ];
  const metadata = {
    wasm_dqn_checkpoint: FILE_VERSION,
    recipe,
    seconds: String(seconds),
    config: JSON.stringify(config),
    counters: JSON.stringify(counters),
  };
  const width = (tensor: Tensor | TensorInParts) =>
    "parts" in tensor ? 4 : tensor.values.BYTES_PER_ELEMENT;
  tensors.sort((a, b) => width(b) - width(a));
  return { metadata, tensors };
}

/**
 * All of a run as a file, so that it can go on elsewhere as if it had never stopped: safetensors with a versioned header and a
 * checksum, nothing in it is executed. Between two calls of `advance`, not within an observer.
 * @param recipe the name the run is to have
 * @param seconds time it has trained so far
 * @throws RunError if there is no memory for all of it at once: `checkpointPieces` needs none
 */
export function encodeCheckpoint(training: Training, recipe = "", seconds = 0): Bytes {
  return encodeSafetensors(contents(training, recipe, seconds));
}

/** The file of `encodeCheckpoint` in pieces, to be written one after the other before the training goes on. */
export function checkpointPieces(
  training: Training,
  recipe = "",
  seconds = 0,
): Iterable<Uint8Array> {
  return safetensorsPieces(contents(training, recipe, seconds));
}

/**
 * Reads a checkpoint file.
 * @param name how messages call the file
 * @throws RunError if it is damaged, of another version, or none
 */
export function readCheckpoint(bytes: Uint8Array, name = "checkpoint"): Checkpoint {
  const { metadata, tensors } = decodeTensors(bytes, name);
  refuseOtherVersions(metadata, "checkpoint", name);
  const counters = parseJson(metadata.counters, name, "counters") ?? {};
  const problem = validate(counterKinds, counters);
  if (problem !== null)
    throw new RunError(`${name} has no proper ${problem.key} among its counters.`);
  return {
    recipe: oneLine(metadata.recipe ?? ""),
    config: readConfig(metadata.config, name),
    seconds: Math.max(0, Number(metadata.seconds)) || 0,
    counters: counters as Counters,
    tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])),
    name,
  };
}

function parseJson(text: string | undefined, name: string, what: string): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    throw new RunError(`The ${what} in ${name} are not JSON.`);
  }
}

function readConfig(text: string | undefined, name: string): Config {
  return saidBy(name, () => parseConfig(parseJson(text, name, "configuration values")));
}

/**
 * The run a checkpoint was made of, ready to go on. It ends with the same bits as one that never stopped, on either backend.
 * @param environment the run's own environment, where it is not a built-in one
 * @throws RunError if the checkpoint does not hold what its configuration needs; nothing has been made or changed by then
 * @param changes `totalSteps`, `totalEpisodes` and `backend` alone may be different
 * @throws UsageError if the changes make no configuration, or are none that may be made
 */
export function resumeTraining(
  checkpoint: Checkpoint,
  changes: ResumeChanges = {},
  observer: TrainingObserver = {},
  environment?: EnvironmentSpec,
): Training {
  refuseUnless(
    checkpoint?.tensors instanceof Map,
    "checkpoint",
    "read by readCheckpoint",
    checkpoint,
  );
  refuseUnlessObject(changes, "changes");
  refuseFixed(Object.keys(changes));
  const { counters, name } = checkpoint;
  const config = parseConfig({ ...checkpoint.config, ...changes });
  const run = saidBy(name, () => planRun(config, environment));
  const held = readHeldRun(checkpoint, config, run, environment === undefined);
  const training = saidBy(name, () => new Training(config, observer, environment));
  const { agent } = training;
  const { nStep, optimizer, replay } = agent;

  for (const [key, region] of Object.entries(training.plan.state)) {
    regionView(training.core.buffer, region).set(held.regions.get(key)!);
  }
  const { lossSum, lossCount, meanQ, updates, beta1Power, beta2Power, ...others } = counters;
  const { replaySize: _, replayNextRow, pendingSteps, pendingFirst, ...state } = others;
  replay.restore(held.transitions, held.priorities, replayNextRow);
  replay.greatestPriority.set(held.greatestPriority);
  Object.assign(agent, { updates, lossCount });
  agent.lossSum = lossSum ?? Number.NaN;
  agent.savedMeanQ = meanQ ?? Number.NaN;
  Object.assign(optimizer, { beta1Power, beta2Power });
  nStep.pending = pendingSteps;
  nStep.first = pendingFirst;

  const { episodes, finished, midStep, solved, steps } = state;
  const done =
    !midStep &&
    (solved === true ||
      (finished && changes.totalSteps === undefined && changes.totalEpisodes === undefined) ||
      steps >= (config.totalSteps ?? Infinity) ||
      episodes >= (config.totalEpisodes ?? Infinity));
  const { lastLengths, lastReturns } = held;
  try {
    training.restore(
      {
        ...state,
        finished: done,
        runningScore: state.runningScore ?? Number.NaN,
        episodeReturn: state.episodeReturn ?? Number.NaN,
        episodeScore: state.episodeScore ?? Number.NaN,
        lastReturns: [...lastReturns],
        lastLengths: [...lastLengths],
      },
      held.environment,
    );
  } catch (error) {
    throw new RunError(`${name} does not fit the environment ${config.env}: ${reasonOf(error)}`);
  }
  return training;
}
