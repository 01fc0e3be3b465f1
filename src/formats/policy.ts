import { parsePartial } from "../config/config.ts";
import { MOST_HIDDEN_LAYERS } from "../config/parameters.ts";
import type { Training } from "../dqn/training.ts";
import type { Environment } from "../environments/environment.ts";
import type { EnvironmentOptions, EnvironmentSpec } from "../environments/environmentSpec.ts";
import {
  type EnvironmentId,
  environmentIds,
  environmentSpec,
  plainEnvironment,
  refuseUnlessSpec,
} from "../environments/registry.ts";
import { RunError, refuseUnless, refuseUnlessObject, saidBy, shortened } from "../errors.ts";
import { createCore } from "../kernels/core.ts";
import type { Backend } from "../kernels/kernels.ts";
import { ActingNetwork } from "../network/actingNetwork.ts";
import { type NamedTensor, tensorsOf } from "../network/namedTensor.ts";
import type { Activation, NetworkShape } from "../network/networkShape.ts";
import { layOutParameters } from "../network/parameterLayout.ts";
import { planPolicy } from "../network/policyPlan.ts";
import type { Bytes } from "../typedArrays.ts";
import { FILE_VERSION, refuseOtherVersions } from "./fileVersion.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";

const activations: readonly string[] = ["relu", "tanh", "identity"] satisfies Activation[];

/** The one NaN that is hashed: which bits a NaN has differs between engines. */
const CANONICAL_NAN = 0x7fc00000;

/**
 * SHA-256 over the tensors' float32 numbers, little-endian, one tensor after the other; in hexadecimal. Every NaN counts as
 * the same.
 */
export async function weightsSha256(tensors: readonly NamedTensor[]): Promise<string> {
  const fit = Array.isArray(tensors) && tensors.every((tensor) => tensor?.values?.length >= 0);
  refuseUnless(fit, "tensors", "a list of tensors", tensors);
  if (crypto.subtle === undefined) {
    throw new RunError("weightsSha256 needs crypto.subtle, which a page has over https alone.");
  }
  const count = tensors.reduce((sum, { values }) => sum + values.length, 0);
  const view = new DataView(new ArrayBuffer(4 * count));
  let at = 0;
  for (const { values } of tensors) {
    for (const value of values) {
      if (Number.isNaN(value)) view.setUint32(at, CANONICAL_NAN, true);
      else view.setFloat32(at, value, true);
      at += 4;
    }
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", view.buffer));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What a policy file says besides the weights. */
export interface PolicyDescription {
  readonly env: string;
  readonly shape: NetworkShape;
  /** How the environment differed from the one `env` names. */
  readonly options: EnvironmentOptions;
}

/**
 * The bytes of a policy file: the weights of a run as they are now, under PyTorch's names, what is needed to play with them, and a
 * checksum over all of it.
 */
export function encodePolicy(training: Pick<Training, "config" | "shape" | "weights">): Bytes {
  refuseUnless(typeof training?.weights === "function", "training", "a Training", training);
  const { config, shape } = training;
  const keys = Object.keys(plainEnvironment) as (keyof EnvironmentOptions)[];
  const changed = keys.filter((key) => config[key] !== plainEnvironment[key]);
  const metadata: Record<string, string> = {
    format: "pt",
    wasm_dqn_policy: FILE_VERSION,
    env: config.env,
    layers: JSON.stringify([shape.observationSize, ...shape.hiddenSizes, shape.actionCount]),
    activation: shape.activation,
    output_activation: shape.outputActivation,
    batch_norm: String(shape.batchNorm),
    dueling: String(shape.dueling),
    wrappers: JSON.stringify(Object.fromEntries(changed.map((key) => [key, config[key]]))),
  };
  return encodeSafetensors({ metadata, tensors: training.weights() });
}

/** A policy ready to play: the greedy network and its environment. */
export interface Policy {
  /** What its file says. */
  readonly description: PolicyDescription;
  readonly spec: EnvironmentSpec;
  readonly network: ActingNetwork;
  /** All of the network's parameters in memory order, padding too: write a `Snapshot.weights` of the same run here. */
  readonly weights: Float32Array;
  readonly environment: Environment;
}

export interface OpenPolicyOptions {
  /** Play in this environment instead of the one the policy was trained in. */
  readonly env?: EnvironmentId | EnvironmentSpec;
  readonly backend?: Backend;
}

function parseLayers(text: string | undefined): number[] | undefined {
  const sizes = parseJson(text);
  const proper =
    Array.isArray(sizes) &&
    sizes.length >= 2 &&
    sizes.length <= MOST_HIDDEN_LAYERS + 2 &&
    sizes.every((size) => Number.isSafeInteger(size) && size >= 1);
  return proper ? (sizes as number[]) : undefined;
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

/** The network and environment a policy file's metadata describes. */
function describe(metadata: Readonly<Record<string, string>>, name: string): PolicyDescription {
  const layers = parseLayers(metadata.layers);
  const { activation = "", output_activation: outputActivation = "identity" } = metadata;
  if (
    layers === undefined ||
    !activations.includes(activation) ||
    !activations.includes(outputActivation)
  ) {
    throw new RunError(`${name} does not say which layers and activations its network has.`);
  }
  return {
    env: metadata.env ?? "",
    options: { ...plainEnvironment, ...readOptions(metadata.wrappers, name) },
    shape: {
      observationSize: layers[0]!,
      hiddenSizes: layers.slice(1, -1),
      activation: activation as Activation,
      outputActivation: outputActivation as Activation,
      batchNorm: metadata.batch_norm === "true",
      dueling: metadata.dueling === "true",
      actionCount: layers.at(-1)!,
    },
  };
}

function readOptions(text: string | undefined, name: string): Partial<EnvironmentOptions> {
  return saidBy(name, () => parsePartial(parseJson(text), "", Object.keys(plainEnvironment)));
}

/** Where a policy is to play. */
function findEnvironment(
  { env, options }: PolicyDescription,
  name: string,
  chosen: string | EnvironmentSpec | undefined,
): EnvironmentSpec {
  if (typeof chosen === "object") {
    refuseUnlessSpec(chosen);
    return chosen;
  }
  if (chosen === undefined && !(environmentIds as readonly string[]).includes(env)) {
    throw new RunError(
      `${name} was trained in "${env}", which is not a built-in environment: say where it is to play, with env.`,
    );
  }
  return chosen === undefined
    ? saidBy(name, () => environmentSpec(env, options))
    : environmentSpec(chosen, options);
}

/** @throws RunError unless the tensors of a file are just the ones that are wanted */
function refuseOthers(
  wanted: readonly Pick<NamedTensor, "name" | "shape">[],
  from: ReadonlyMap<string, NamedTensor>,
  name: string,
): void {
  const fits =
    wanted.length === from.size &&
    wanted.every(({ name: key, shape }) => String(from.get(key)?.shape) === String(shape));
  if (!fits) {
    const list = wanted.map(({ name: key, shape }) => `${key} [${shape}]`).join(", ");
    throw new RunError(`${name} does not hold the tensors its network needs: ${list}.`);
  }
}

const byName = (tensors: readonly NamedTensor[]) =>
  new Map(tensors.map((tensor) => [tensor.name, tensor]));

/** Copies a file's tensors over those of a network. @throws RunError unless they are just the ones it has */
export function fillTensors(
  into: readonly NamedTensor[],
  from: readonly NamedTensor[],
  name: string,
): void {
  const found = byName(from);
  refuseOthers(into, found, name);
  for (const { name: key, values } of into) values.set(found.get(key)!.values);
}

/** What a policy file holds. */
interface PolicyContents {
  readonly description: PolicyDescription;
  readonly tensors: readonly NamedTensor[];
}

function readContents(bytes: Uint8Array, name: string): PolicyContents {
  const { metadata, tensors } = decodeSafetensors(bytes, name);
  refuseOtherVersions(metadata, "policy", name);
  for (const { name: key, values } of tensors) {
    const odd = values.find((value) => !Number.isFinite(value));
    if (odd !== undefined) {
      throw new RunError(
        `${name} holds ${odd} in ${shortened(key)}: the run that left it had diverged, there is nothing to play.`,
      );
    }
  }
  return { description: describe(metadata, name), tensors };
}

/** @throws RunError unless the tensors are those of the network that is described: a small file makes no large memory */
function refuseUnfit({ description, tensors }: PolicyContents, name: string): void {
  const wanted = layOutParameters(description.shape).tensors;
  const held = tensors.reduce((sum, { values }) => sum + values.length, 0);
  const claimed = wanted.reduce((sum, { length }) => sum + length, 0);
  if (held !== claimed) {
    throw new RunError(`${name} holds ${held} numbers, but its layers need ${claimed}.`);
  }
  refuseOthers(wanted, byName(tensors), name);
}

/** The tensors and the description of a policy file. @throws RunError if it is none, or they do not belong together */
export function readPolicy(bytes: Uint8Array, name: string): PolicyContents {
  const contents = readContents(bytes, name);
  refuseUnfit(contents, name);
  return contents;
}

/**
 * Opens a policy file.
 * @param name how messages call the file
 * @throws RunError if it is damaged, not a policy of this library, or does not fit its environment
 * @throws UsageError if `options.env` is no environment
 */
export function openPolicy(
  bytes: Uint8Array,
  name = "policy",
  options: OpenPolicyOptions = {},
): Policy {
  refuseUnlessObject(options, "options");
  const contents = readContents(bytes, name);
  const { description, tensors } = contents;
  const { shape } = description;
  const spec = findEnvironment(description, name, options.env);
  if (shape.observationSize !== spec.observationSize || shape.actionCount !== spec.actionCount) {
    throw new RunError(
      `${name} has ${shape.observationSize} inputs and ${shape.actionCount} outputs, but ${spec.id} has ${spec.observationSize} observations and ${spec.actionCount} actions.`,
    );
  }
  refuseUnfit(contents, name);
  const plan = planPolicy(shape, spec.bytes);
  const core = createCore(options.backend ?? "wasm", plan.bytes);
  fillTensors(tensorsOf(core.buffer, plan.parameters, plan.online), tensors, name);
  return {
    description,
    spec,
    network: new ActingNetwork(core, shape, plan.parameters, plan.online, plan.acting),
    weights: new Float32Array(core.buffer, plan.online.offset, plan.online.length),
    environment: spec.make(core, plan.environment.offset),
  };
}
