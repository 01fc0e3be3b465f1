import { _SHA256 } from "@noble/hashes/sha2.js";
import { parsePartial } from "../config/config.ts";
import { parameters } from "../config/parameters.ts";
import type { Dqn } from "../dqn/dqn.ts";
import type { Training } from "../dqn/training.ts";
import { describeEnvironment, type EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { Environment } from "../environments/environment.ts";
import type {
  EnvironmentIdentity,
  EnvironmentOptions,
  EnvironmentSpec,
} from "../environments/environmentSpec.ts";
import {
  type EnvironmentId,
  environmentSpec,
  isBuiltIn,
  plainEnvironment,
  wrapCustom,
} from "../environments/registry.ts";
import { RunError, refuseUnless, refuseUnlessObject } from "../errors.ts";
import { createCore } from "../kernels/core.ts";
import type { Backend } from "../kernels/kernels.ts";
import { ActingNetwork } from "../network/actingNetwork.ts";
import { regionView } from "../network/arena.ts";
import { type NamedTensor, tensorsOf } from "../network/namedTensor.ts";
import type { NetworkShape } from "../network/networkShape.ts";
import { planPolicy } from "../network/policyPlan.ts";
import type { Bytes } from "../typedArrays.ts";
import { readChanged, writeChanged } from "./changedKeys.ts";
import {
  refuseMissingEnvironment,
  refuseOtherEnvironment,
  writeIdentity,
} from "./environmentIdentity.ts";
import { blameFile, parseJson, validateValues } from "./fileValues.ts";
import { FILE_VERSION } from "./fileVersion.ts";
import {
  fillTensors,
  type PolicyNetwork,
  readNetwork,
  readPolicyIdentity,
} from "./policyNetwork.ts";
import { encodeSafetensors } from "./safetensors.ts";

/** NaNs are hashed as these bits: a NaN's sign and payload differ between engines. */
const CANONICAL_NAN = 0x7fc00000;

/** Returns the SHA-256 of the tensors' little-endian float32 numbers, in hexadecimal. All NaNs count as equal. */
export async function weightsSha256(tensors: readonly NamedTensor[]): Promise<string> {
  const fit = Array.isArray(tensors) && tensors.every((tensor) => tensor?.values?.length >= 0);
  refuseUnless(fit, "tensors", "a list of tensors", tensors);
  const count = tensors.reduce((sum, { values }) => sum + values.length, 0);
  const words = new Uint32Array(count);
  const numbers = new Float32Array(words.buffer);
  let at = 0;
  for (const { values } of tensors) {
    numbers.set(values, at);
    at += values.length;
  }
  for (let k = 0; k < count; k++) if (Number.isNaN(numbers[k])) words[k] = CANONICAL_NAN;
  // crypto.subtle is missing on plain http and in sandboxed frames.
  const digest = new _SHA256().update(new Uint8Array(words.buffer)).digest();
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Metadata of a policy file. */
export interface PolicyDescription {
  readonly env: string;
  /** Environment it was trained in. */
  readonly environment: EnvironmentIdentity;
  readonly shape: NetworkShape;
  /** Options of the environment it was trained in. */
  readonly options: EnvironmentOptions;
  /** Hyperparameters that changed while it was trained, so no configuration gives these weights. */
  readonly changed: readonly string[];
  /** Backend it was trained on; `wasm` if the file does not say. */
  readonly backend: Backend;
}

/**
 * Returns a run's policy file: the current weights under PyTorch's names, the metadata needed to play with them and to train them
 * again, and a checksum.
 */
export function encodePolicy(
  training: Pick<
    Training,
    "changed" | "config" | "dependsOn" | "shape" | "spec" | "steps" | "weights"
  > & { readonly agent: Pick<Dqn, "updates"> },
): Bytes {
  refuseUnless(typeof training?.weights === "function", "training", "a Training", training);
  const { agent, config, dependsOn, shape, spec, steps } = training;
  const keys = Object.keys(plainEnvironment) as (keyof EnvironmentOptions)[];
  const changed = keys.filter((key) => config[key] !== plainEnvironment[key]);
  const metadata: Record<string, string> = {
    format: "pt",
    wasm_dqn_policy: FILE_VERSION,
    env: spec.id,
    environment: writeIdentity(spec, config.frameStack),
    backend: config.backend,
    layers: JSON.stringify([shape.observationSize, ...shape.hiddenSizes, shape.actionCount]),
    activation: shape.activation,
    output_activation: shape.outputActivation,
    normalize_observations: String(shape.normalizeObservations),
    batch_norm: String(shape.batchNorm),
    dueling: String(shape.dueling),
    ...writeChanged(training.changed),
    wrappers: JSON.stringify(Object.fromEntries(changed.map((key) => [key, config[key]]))),
    config: JSON.stringify(config),
    steps: String(steps),
    updates: String(agent.updates),
    depends_on: dependsOn,
  };
  return encodeSafetensors({ metadata, tensors: training.weights() });
}

/** A policy ready to play: the Q-network and its environment. */
export interface Policy {
  /** Metadata of its file. */
  readonly description: PolicyDescription;
  readonly spec: EnvironmentSpec;
  readonly network: ActingNetwork;
  /** The network's parameters in memory order, with padding. Copy `Snapshot.weights` of the same run here. */
  readonly weights: Float32Array;
  readonly environment: Environment;
}

export interface OpenPolicyOptions {
  /** Environment to play in. By default, the built-in one that the policy was trained in. */
  readonly env?: EnvironmentId | EnvironmentFactory | EnvironmentSpec;
  readonly backend?: Backend;
}

/** Parses the rest of a policy file's metadata. */
function parseDescription({ metadata, shape }: PolicyNetwork, name: string): PolicyDescription {
  const { backend = "wasm" } = metadata;
  validateValues({ backend: parameters.backend }, { backend }, name);
  const options = blameFile(name, () =>
    parsePartial(parseJson(metadata.wrappers), "", Object.keys(plainEnvironment)),
  );
  const whole = { ...plainEnvironment, ...options };
  const observationSize = shape.observationSize / whole.frameStack;
  const environment = readPolicyIdentity(metadata, { ...shape, observationSize }, name);
  return {
    env: metadata.env ?? "",
    environment,
    changed: readChanged(metadata, name),
    backend: backend as Backend,
    options: whole,
    shape,
  };
}

/** Returns the `chosen` environment, or the one the policy was trained in. */
function findEnvironment(
  { environment, options }: PolicyDescription,
  name: string,
  chosen: OpenPolicyOptions["env"],
): EnvironmentSpec {
  const { id } = environment;
  if (chosen === undefined) {
    if (isBuiltIn(id)) return blameFile(name, () => environmentSpec(id, options));
    refuseMissingEnvironment(id, name);
  }
  if (typeof chosen === "string") {
    // CartPole-v0 and CartPole-v1 are the same game.
    if (!isBuiltIn(id)) refuseOtherEnvironment(environment, environmentSpec(chosen), name);
    return environmentSpec(chosen, options);
  }
  const spec = describeEnvironment(chosen);
  refuseOtherEnvironment(environment, spec, name);
  return wrapCustom(spec, options);
}

interface PolicyContents {
  readonly description: PolicyDescription;
  readonly tensors: readonly NamedTensor[];
}

/**
 * Parses and validates a policy file without allocating its network.
 * @throws RunError if it is damaged, not a policy of this library, or its weights are not finite or do not match its layers
 */
export function readPolicy(bytes: Uint8Array, name: string): PolicyContents {
  const network = readNetwork(bytes, name);
  return { description: parseDescription(network, name), tensors: network.tensors };
}

/**
 * Opens a policy file.
 * @param name name of the file in messages
 * @throws RunError if it is damaged, not a policy of this library, or does not fit its environment
 * @throws UsageError if `options.env` is not an environment
 */
export function openPolicy(
  bytes: Uint8Array,
  name = "policy",
  options: OpenPolicyOptions = {},
): Policy {
  refuseUnlessObject(options, "options");
  const { description, tensors } = readPolicy(bytes, name);
  const { shape } = description;
  const spec = findEnvironment(description, name, options.env);
  if (shape.observationSize !== spec.observationSize || shape.actionCount !== spec.actionCount) {
    throw new RunError(
      `${name} has ${shape.observationSize} inputs and ${shape.actionCount} outputs, but ${spec.id} needs ${spec.observationSize} and ${spec.actionCount}.`,
    );
  }
  const plan = planPolicy(shape, spec.bytes, spec.episodeBytes ?? 0);
  const core = createCore(options.backend ?? "wasm", plan.bytes);
  fillTensors(tensorsOf(core.buffer, plan.parameters, plan.online), tensors, name);
  return {
    description,
    spec,
    network: new ActingNetwork(core, plan.acting),
    weights: regionView(core.buffer, plan.online),
    environment: spec.make(core, plan.environment.offset),
  };
}
