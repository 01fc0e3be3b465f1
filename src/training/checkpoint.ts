import type { Region } from "../agent/chain.ts";
import type { EnvironmentSpec } from "../environments/registry.ts";
import { RunError, UsageError } from "../errors.ts";
import { decodeTensors, encodeSafetensors, type Tensor } from "../policy/safetensors.ts";
import { type Config, parseConfig } from "./config.ts";
import { type Flat, findFlaw } from "./flatObject.ts";
import type { TrainingObserver } from "./observer.ts";
import { Training } from "./training.ts";

const FILE_VERSION = "1";

const count = { kind: "number", whole: true, min: 0, max: Number.MAX_SAFE_INTEGER } as const;
const number = { kind: "number" } as const;
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
  updates: count,
  beta1Power: number,
  beta2Power: number,
  replaySize: count,
  replayNextRow: count,
  pendingSteps: count,
  pendingFirst: count,
} as const;

type Counters = Flat<typeof counterKinds>;

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

/** The regions of a training memory that are copied as they are. */
function regions({ plan }: Training): [name: string, kind: "F64" | "F32" | "U32", Region][] {
  return [
    ["explorationStream", "U32", plan.explorationStream],
    ["replayStream", "U32", plan.replayStream],
    ["pending", "F64", plan.pending],
    ["online", "F32", plan.online],
    ["target", "F32", plan.target],
    ["firstMoment", "F32", plan.firstMoment],
    ["secondMoment", "F32", plan.secondMoment],
    ["observation", "F32", plan.acting.observation],
  ];
}

function view(training: Training, kind: "F64" | "F32" | "U32", { length, offset }: Region) {
  const { buffer } = training.core;
  if (kind === "F64") return new Float64Array(buffer, offset, length);
  return kind === "F32"
    ? new Float32Array(buffer, offset, length)
    : new Uint32Array(buffer, offset, length);
}

/**
 * All of a run as a file, so that it can go on elsewhere as if it had never stopped: safetensors with a versioned header, nothing
 * in it is executed. Between two calls of `advance`, not within an observer.
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
    ...regions(training).map(([name, kind, region]) => flat(name, view(training, kind, region))),
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
  if (version !== FILE_VERSION) {
    throw new RunError(`${name} is a checkpoint of version ${version}, expected ${FILE_VERSION}.`);
  }
  const counters = parseJson(metadata.counters, name, "counters") ?? {};
  const flaw = findFlaw(counterKinds, counters);
  if (flaw !== null) throw new RunError(`${name} has no proper ${flaw.key} among its counters.`);
  return {
    recipe: metadata.recipe ?? "",
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
  try {
    return parseConfig(parseJson(text, name, "configuration values"));
  } catch (error) {
    if (error instanceof UsageError) throw new RunError(`In ${name}: ${error.message}`);
    throw error;
  }
}

/** What may be different when a run goes on: how far it goes, and which kernels do the work. */
export type ResumeChanges = Partial<Pick<Config, "totalSteps" | "totalEpisodes" | "backend">>;

/**
 * The run a checkpoint was made of, ready to go on. It ends with the same bits as one that never stopped, on either backend.
 * @param environment the run's own environment, where it is not a built-in one
 * @throws RunError if the checkpoint does not hold what its configuration needs
 */
export function resumeTraining(
  checkpoint: Checkpoint,
  changes: ResumeChanges = {},
  observer: TrainingObserver = {},
  environment?: EnvironmentSpec,
): Training {
  const { counters, name, tensors } = checkpoint;
  const training = new Training({ ...checkpoint.config, ...changes }, observer, environment);
  const { agent, config, plan } = training;
  const { nStep, optimizer, replay } = agent;

  const take = <Kind extends Tensor["values"]>(key: string, like: Kind, length: number): Kind => {
    const found = tensors.get(key)?.values;
    if (found === undefined || found.constructor !== like.constructor || found.length !== length) {
      throw new RunError(`${name} does not hold ${key} as its run needs it: ${length} numbers.`);
    }
    return found as Kind;
  };
  const refuse = (what: string): never => {
    throw new RunError(`${name} contradicts itself: ${what}.`);
  };

  const { pendingFirst, pendingSteps, replayNextRow, replaySize } = counters;
  const nextRow = replaySize < replay.capacity ? replaySize : replayNextRow;
  if (replaySize > replay.capacity || replayNextRow >= replay.capacity) {
    refuse(`${replaySize} transitions in a buffer of ${replay.capacity}`);
  }
  if (nextRow % replay.capacity !== replayNextRow) refuse(`the next row is ${replayNextRow}`);
  if (pendingSteps >= config.nSteps || pendingFirst >= config.nSteps) {
    refuse(`${pendingSteps} steps wait for an n-step return of ${config.nSteps}`);
  }
  for (const [key, kind, region] of regions(training)) {
    const memory = view(training, kind, region);
    memory.set(take(key, memory, region.length));
  }
  const rows = take("transitions", new Float32Array(), replaySize * plan.transitionSize);
  const priorities = take("priorities", new Float64Array(), config.prioritized ? replaySize : 0);
  replay.restore(rows, priorities, replayNextRow);
  replay.greatestPriority.set(take("greatestPriority", new Float64Array(), 1));
  agent.updates = counters.updates;
  optimizer.beta1Power = counters.beta1Power;
  optimizer.beta2Power = counters.beta2Power;
  nStep.waiting = pendingSteps;
  nStep.first = pendingFirst;

  const finishedEpisodes = Math.min(100, counters.episodes);
  const last = (key: string) => [...take(key, new Float64Array(), finishedEpisodes)];
  const { bestEvaluation, episodes, finished, longest, solved, steps } = counters;
  const done =
    solved === true ||
    (finished && changes.totalSteps === undefined && changes.totalEpisodes === undefined) ||
    (config.totalSteps !== null && steps >= config.totalSteps) ||
    (config.totalEpisodes !== null && episodes >= config.totalEpisodes);
  const state = {
    steps,
    episodes,
    solved,
    longest,
    bestEvaluation,
    finished: done,
    runningScore: counters.runningScore ?? Number.NaN,
    episodeLength: counters.episodeLength,
    episodeReturn: counters.episodeReturn ?? Number.NaN,
    episodeScore: counters.episodeScore ?? Number.NaN,
    lastReturns: last("lastReturns"),
    lastLengths: last("lastLengths"),
  };
  const saved = tensors.get("environment")?.values;
  try {
    training.restore(state, saved instanceof Uint8Array ? saved : null);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RunError(`${name} does not fit the environment ${config.env}: ${reason}`);
  }
  return training;
}
