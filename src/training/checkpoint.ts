import type { Region } from "../agent/chain.ts";
import type { EnvironmentSpec } from "../environments/registry.ts";
import { oneLine, RunError, reasonOf, saidBy } from "../errors.ts";
import { decodeTensors, encodeSafetensors, type Tensor } from "../policy/safetensors.ts";
import { type Config, parseConfig } from "./config.ts";
import { type Flat, findFlaw } from "./flatObject.ts";
import { type RegionKind, readHeldRun, regions } from "./heldRun.ts";
import type { TrainingObserver } from "./observer.ts";
import { planRun } from "./runPlan.ts";
import { Training } from "./training.ts";

const FILE_VERSION = "2";

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
  longest: count,
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

type Counters = Flat<typeof counterKinds>;

/** Counters that files of version 1 lack: they were saved between two steps. */
const added = {
  midStep: false,
  updatesDue: 0,
  ended: false,
  lossSum: 0,
  lossCount: 0,
  meanQ: null,
};

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

function view(training: Training, kind: RegionKind, { length, offset }: Region) {
  const { buffer } = training.core;
  if (kind === "F64") return new Float64Array(buffer, offset, length);
  return kind === "F32"
    ? new Float32Array(buffer, offset, length)
    : new Uint32Array(buffer, offset, length);
}

/**
 * All of a run as a file, so that it can go on elsewhere as if it had never stopped: safetensors with a versioned header, nothing
 * in it is executed. Between two calls of `advance` or `learn`, not within an observer.
 */
export function encodeCheckpoint(
  training: Training,
  recipe = "",
  seconds = 0,
): Uint8Array<ArrayBuffer> {
  const { agent, config, plan } = training;
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
    pendingSteps: nStep.waiting,
    pendingFirst: nStep.first,
  };
  const flat = (name: string, values: Tensor["values"]): Tensor => ({
    name,
    shape: [values.length],
    values,
  });
  const environment = training.environmentState();
  const tensors: Tensor[] = [
    flat("lastReturns", Float64Array.from(lastReturns)),
    flat("lastLengths", Float64Array.from(lastLengths)),
    flat("greatestPriority", replay.greatestPriority),
    flat("priorities", replay.priorities()),
    ...regions(plan).map(([name, kind, region]) => flat(name, view(training, kind, region))),
    {
      name: "transitions",
      shape: [replay.size, plan.transitionSize],
      values: replay.transitions(),
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
  tensors.sort((a, b) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT);
  return encodeSafetensors({ metadata, tensors });
}

/** Reads a checkpoint file. @throws RunError if it is damaged, of another version, or none */
export function readCheckpoint(bytes: Uint8Array, name: string): Checkpoint {
  const { metadata, tensors } = decodeTensors(bytes, name);
  const version = metadata.wasm_dqn_checkpoint;
  if (version === undefined) throw new RunError(`${name} is not a checkpoint of wasm-dqn.`);
  if (version !== "1" && version !== FILE_VERSION) {
    throw new RunError(`${name} is a checkpoint of version ${version}, expected ${FILE_VERSION}.`);
  }
  const saved: unknown = parseJson(metadata.counters, name, "counters");
  const counters: object = version === "1" ? Object.assign({}, added, saved) : Object(saved);
  const flaw = findFlaw(counterKinds, counters);
  if (flaw !== null) throw new RunError(`${name} has no proper ${flaw.key} among its counters.`);
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

/** What may be different when a run goes on: how far it goes, and which kernels do the work. */
export type ResumeChanges = Partial<Pick<Config, "totalSteps" | "totalEpisodes" | "backend">>;

/**
 * The run a checkpoint was made of, ready to go on. It ends with the same bits as one that never stopped, on either backend.
 * @param environment the run's own environment, where it is not a built-in one
 * @throws RunError if the checkpoint does not hold what its configuration needs; nothing has been made or changed by then
 * @throws UsageError if the changes make no configuration
 */
export function resumeTraining(
  checkpoint: Checkpoint,
  changes: ResumeChanges = {},
  observer: TrainingObserver = {},
  environment?: EnvironmentSpec,
): Training {
  const { counters, name } = checkpoint;
  const config = parseConfig({ ...checkpoint.config, ...changes });
  const run = saidBy(name, () => planRun(config, environment));
  const held = readHeldRun(checkpoint, config, run, environment === undefined);
  const training = saidBy(name, () => new Training(config, observer, environment));
  const { agent } = training;
  const { nStep, optimizer, replay } = agent;

  for (const [key, kind, region] of regions(training.plan)) {
    view(training, kind, region).set(held.regions.get(key)!);
  }
  const { lossSum, lossCount, meanQ, updates, beta1Power, beta2Power, ...others } = counters;
  const { replaySize: _, replayNextRow, pendingSteps, pendingFirst, ...state } = others;
  replay.restore(held.transitions, held.priorities, replayNextRow);
  replay.greatestPriority.set(held.greatestPriority);
  Object.assign(agent, { updates, lossCount });
  agent.lossSum = lossSum ?? Number.NaN;
  agent.savedMeanQ = meanQ ?? Number.NaN;
  Object.assign(optimizer, { beta1Power, beta2Power });
  nStep.waiting = pendingSteps;
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
