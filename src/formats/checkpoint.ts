import { type Config, parseConfig } from "../config/config.ts";
import { type ResumeChanges, refuseFixed } from "../config/resumeChanges.ts";
import type { Values } from "../config/schema.ts";
import type { TrainingObserver } from "../dqn/observer.ts";
import { planRun } from "../dqn/runPlan.ts";
import { Training } from "../dqn/training.ts";
import { describeEnvironment, type EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { EnvironmentIdentity, EnvironmentSpec } from "../environments/environmentSpec.ts";
import { isBuiltIn } from "../environments/registry.ts";
import {
  oneLine,
  placedReason,
  RunError,
  refuseUnless,
  refuseUnlessNotNegative,
  refuseUnlessObject,
} from "../errors.ts";
import { regionView } from "../network/arena.ts";
import type { Tensor } from "../network/namedTensor.ts";
import type { Bytes } from "../typedArrays.ts";
import { readChanged, writeChanged } from "./changedKeys.ts";
import { environmentName, validateArrays } from "./checkpointArrays.ts";
import {
  readIdentity,
  refuseMissingEnvironment,
  refuseOtherEnvironment,
  writeIdentity,
} from "./environmentIdentity.ts";
import { blameFile, parseJson, validateValues } from "./fileValues.ts";
import { FILE_VERSION, refuseOtherVersions } from "./fileVersion.ts";
import {
  decodeTensors,
  encodeSafetensors,
  type SourceTensor,
  safetensorsPieces,
} from "./safetensors.ts";

const count = { kind: "number", whole: true, min: 0, max: Number.MAX_SAFE_INTEGER } as const;
const power = { kind: "number", min: 0, max: 1 } as const;
const score = { kind: "number", nullable: true } as const;
const flag = { kind: "boolean" } as const;

/** The run's state besides its arrays. JSON has no NaN or infinity: such a number is null. */
const counterKinds = {
  steps: count,
  episodes: count,
  finished: flag,
  solved: { ...flag, nullable: true },
  runningScore: score,
  longestEpisode: count,
  bestEvaluation: score,
  midStep: flag,
  updatesDue: count,
  ended: flag,
  lossSum: score,
  lossCount: count,
  meanQ: score,
  updates: count,
  beta1Power: power,
  beta2Power: power,
  optimizerSteps: count,
  replaySize: count,
  replayNextRow: count,
} as const;

type Counters = Values<typeof counterKinds>;

/** Contents of a checkpoint file. `resumeTraining` validates the arrays. */
export interface Checkpoint {
  readonly recipe: string;
  readonly config: Config;
  readonly environment: EnvironmentIdentity;
  /** Hyperparameters that changed while it trained. */
  readonly changed: readonly string[];
  /** Training time so far. */
  readonly seconds: number;
  readonly counters: Counters;
  /** Sources of the weights besides configuration and seed; usually "". */
  readonly dependsOn: string;
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Name of the file in messages. */
  readonly name: string;
}

function contents(training: Training, recipe: string, seconds: number) {
  refuseUnless(training instanceof Training, "training", "a Training", training);
  refuseUnless(typeof recipe === "string", "recipe", "a string", recipe);
  refuseUnlessNotNegative(seconds, "seconds");
  const { agent, config, core, dependsOn, plan, spec } = training;
  const { lastLengths, lastReturns, ...state } = training.state;
  const { optimizer, replay } = agent;
  const counters: Counters = {
    ...state,
    lossSum: agent.lossSum,
    lossCount: agent.lossCount,
    meanQ: agent.meanQ(),
    updates: agent.updates,
    beta1Power: optimizer.beta1Power,
    beta2Power: optimizer.beta2Power,
    optimizerSteps: optimizer.steps,
    replaySize: replay.size,
    replayNextRow: replay.nextRow,
  };
  const flat = (name: string, values: Tensor["values"]): Tensor => ({
    name,
    shape: [values.length],
    values,
  });
  const environments = training.environmentStates() ?? [];
  const tensors: SourceTensor[] = [
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
      values: new Float32Array(0),
      parts: { [Symbol.iterator]: () => replay.transitions() },
    },
    ...(replay.states === null ? [] : [flat("states", replay.states.states)]),
    ...environments.map((state, k) => flat(environmentName(k), state)),
  ];
  // Wide elements first, so that each array is aligned in the file.
  tensors.sort((a, b) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT);
  const metadata = {
    wasm_dqn_checkpoint: FILE_VERSION,
    recipe,
    seconds: String(seconds),
    config: JSON.stringify(config),
    environment: writeIdentity(spec, config.frameStack),
    ...writeChanged(training.changed),
    counters: JSON.stringify(counters),
    depends_on: dependsOn,
  };
  return { metadata, tensors };
}

/**
 * Returns the whole run as a checkpoint file: a safetensors file with a version and a checksum, and without executable content.
 * Call it between calls of `advance`, not in an observer.
 * @param recipe the run's name
 * @param seconds training time so far
 * @throws RunError if the allocation fails: `checkpointPieces` needs none
 */
export function encodeCheckpoint(training: Training, recipe = "", seconds = 0): Bytes {
  return encodeSafetensors(contents(training, recipe, seconds));
}

/** Yields the file of `encodeCheckpoint` in pieces. Write them all before the training continues. */
export function checkpointPieces(
  training: Training,
  recipe = "",
  seconds = 0,
): Iterable<Uint8Array> {
  return safetensorsPieces(contents(training, recipe, seconds));
}

/**
 * Parses a checkpoint file and validates its configuration and counters.
 * @param name name of the file in messages
 * @throws RunError if the file is damaged, of another version or no checkpoint
 */
export function readCheckpoint(bytes: Uint8Array, name = "checkpoint"): Checkpoint {
  const { metadata, tensors } = decodeTensors(bytes, name);
  refuseOtherVersions(metadata, "checkpoint", name);
  const counters = parseJson(metadata.counters) ?? {};
  validateValues(counterKinds, counters, name);
  return {
    recipe: oneLine(metadata.recipe ?? ""),
    config: blameFile(name, () => parseConfig(parseJson(metadata.config))),
    environment: readIdentity(metadata.environment, name),
    changed: readChanged(metadata, name),
    seconds: Math.max(0, Number(metadata.seconds)) || 0,
    counters: counters as Counters,
    dependsOn: oneLine(metadata.depends_on ?? ""),
    tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])),
    name,
  };
}

/** NaN is null in JSON. */
const orNaN = (value: number | null) => value ?? Number.NaN;

/**
 * Restores the run of a checkpoint. It ends with the same weights, to the bit, as an uninterrupted run.
 * @param changes new values of `totalSteps`, `totalEpisodes` and `backend`; other keys cannot change. `backend` cannot change from or
 *   to `wasm-fma`, which gives other weights.
 * @param environment the run's environment, if it is not built in
 * @throws RunError if the checkpoint contradicts its configuration, before the training memory is allocated
 * @throws UsageError if a change is not allowed or out of range
 */
export function resumeTraining(
  checkpoint: Checkpoint,
  changes: ResumeChanges = {},
  observer: TrainingObserver = {},
  environment?: EnvironmentFactory | EnvironmentSpec,
): Training {
  const own = environment && describeEnvironment(environment);
  return resumeRun(checkpoint, changes, own, (config) => new Training(config, observer, own));
}

/** Restores the run of a checkpoint like `resumeTraining`. @param make makes the new run, which this function fills */
export function resumeRun<Of extends Training>(
  checkpoint: Checkpoint,
  changes: ResumeChanges,
  own: EnvironmentSpec | undefined,
  make: (config: Config) => Of,
): Of {
  const read = checkpoint?.tensors instanceof Map;
  refuseUnless(read, "checkpoint", "read by readCheckpoint", checkpoint);
  refuseUnlessObject(changes, "changes");
  refuseFixed(Object.keys(changes));
  const { counters, environment: stored, name } = checkpoint;
  if (own) refuseOtherEnvironment(stored, own, name);
  else if (!isBuiltIn(stored.id)) refuseMissingEnvironment(stored.id, name);
  const config = parseConfig({ ...checkpoint.config, ...changes });
  // wasm-fma rounds differently, so a run cannot change from or to it.
  const { backend } = checkpoint.config;
  const same = (backend === "wasm-fma") === (config.backend === "wasm-fma");
  refuseUnless(same, "backend", `${backend}, as in ${name}`, config.backend);
  const run = blameFile(name, () => planRun(config, own));
  const { arrays, environments } = validateArrays(checkpoint, config, run, own === undefined);
  const training = blameFile(name, () => make(config));
  const { agent, core, plan } = training;
  const { optimizer, replay } = agent;

  for (const [key, region] of Object.entries(plan.state)) {
    regionView(core.buffer, region).set(arrays[key]!);
  }
  for (const key of checkpoint.changed) training.changed.add(key);
  if (arrays.states !== undefined) regionView(core.buffer, plan.replay.states).set(arrays.states);
  const { lossSum, lossCount, meanQ, updates, ...others } = counters;
  const { beta1Power, beta2Power, optimizerSteps, replaySize: _, replayNextRow, ...state } = others;
  replay.restore(arrays.transitions, arrays.priorities, replayNextRow);
  replay.greatestPriority.set(arrays.greatestPriority);
  Object.assign(agent, { updates, lossCount, lossSum: orNaN(lossSum), savedMeanQ: orNaN(meanQ) });
  Object.assign(optimizer, { beta1Power, beta2Power, steps: optimizerSteps });
  training.dependsOn ||= checkpoint.dependsOn;

  const over =
    state.solved === true ||
    state.steps >= (config.totalSteps ?? Infinity) ||
    state.episodes >= (config.totalEpisodes ?? Infinity);
  try {
    training.restore(
      {
        ...state,
        // The changes may prolong a finished run.
        finished: over && !state.midStep,
        runningScore: orNaN(state.runningScore),
        lastReturns: [...arrays.lastReturns],
        lastLengths: [...arrays.lastLengths],
      },
      environments,
    );
  } catch (error) {
    throw new RunError(
      `${name} does not fit the environment ${config.env}: ${placedReason(error)}`,
    );
  }
  return training;
}
