import { type ParameterLayout, planPolicy, type Region } from "../agent/memoryPlan.ts";
import { ActingNetwork } from "../agent/network.ts";
import type { Activation, NetworkShape } from "../agent/networkShape.ts";
import type { Environment } from "../environments/environment.ts";
import { type EnvironmentSpec, environmentIds, environmentSpec } from "../environments/registry.ts";
import { RunError } from "../errors.ts";
import { createCore } from "../kernels/core.ts";
import type { Backend } from "../kernels/kernels.ts";
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from "./safetensors.ts";

const FILE_VERSION = "1";
const activations: readonly string[] = ["relu", "tanh", "identity"] satisfies Activation[];

/** The tensors of a parameter region in the order of the policy file, as views without their padding. */
export function tensorsOf(
  buffer: ArrayBuffer,
  parameters: ParameterLayout,
  region: Region,
): NamedTensor[] {
  return parameters.tensors.map(({ name, shape, offset, length }) => ({
    name,
    shape,
    values: new Float32Array(buffer, region.offset + offset, length),
  }));
}

/** SHA-256 over the tensors' float32 numbers, little-endian, one tensor after the other; in hexadecimal. */
export async function weightsSha256(tensors: readonly NamedTensor[]): Promise<string> {
  const count = tensors.reduce((sum, { values }) => sum + values.length, 0);
  const view = new DataView(new ArrayBuffer(4 * count));
  let at = 0;
  for (const { values } of tensors) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", view.buffer));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes of a policy file: the weights under PyTorch's names, and what is needed to play with them. */
export function encodePolicy(
  env: string,
  shape: NetworkShape,
  tensors: readonly NamedTensor[],
): Uint8Array {
  const layers = [shape.observationSize, ...shape.hiddenSizes, shape.actionCount];
  return encodeSafetensors({
    metadata: {
      format: "pt",
      wasm_dqn_policy: FILE_VERSION,
      env,
      layers: JSON.stringify(layers),
      activation: shape.activation,
      wrappers: "[]",
    },
    tensors,
  });
}

/** A policy ready to play: the greedy network and, where it is a built-in one, its environment. */
export interface Policy {
  readonly spec: EnvironmentSpec;
  readonly network: ActingNetwork;
  readonly environment: Environment;
}

export interface OpenPolicyOptions {
  /** Play in this environment instead of the one the policy was trained in. */
  readonly env?: string;
  readonly backend?: Backend;
}

function parseLayers(text: string | undefined): number[] | undefined {
  try {
    const sizes: unknown = JSON.parse(text ?? "");
    const proper =
      Array.isArray(sizes) &&
      sizes.length >= 2 &&
      sizes.every((size) => Number.isSafeInteger(size) && size >= 1);
    return proper ? (sizes as number[]) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Opens a policy file.
 * @param name how messages call the file
 * @throws RunError if it is damaged, not a policy of this library, or does not fit its environment
 * @throws UsageError if `options.env` is no environment
 */
export function openPolicy(
  bytes: Uint8Array,
  name: string,
  options: OpenPolicyOptions = {},
): Policy {
  const { metadata, tensors } = decodeSafetensors(bytes, name);
  const version = metadata.wasm_dqn_policy;
  if (version === undefined) throw new RunError(`${name} is not a policy of wasm-dqn.`);
  if (version !== FILE_VERSION) {
    throw new RunError(`${name} is a policy of version ${version}, expected ${FILE_VERSION}.`);
  }
  const layers = parseLayers(metadata.layers);
  const activation = metadata.activation ?? "";
  const trainedIn = metadata.env ?? "";
  if (layers === undefined || !activations.includes(activation)) {
    throw new RunError(`${name} does not say which layers and activation its network has.`);
  }
  if (options.env === undefined && !environmentIds.includes(trainedIn)) {
    throw new RunError(
      `${name} was trained in "${trainedIn}", which is not a built-in environment.`,
    );
  }
  const spec = environmentSpec(options.env ?? trainedIn);
  const shape: NetworkShape = {
    observationSize: layers[0]!,
    hiddenSizes: layers.slice(1, -1),
    activation: activation as Activation,
    actionCount: layers.at(-1)!,
  };
  if (shape.observationSize !== spec.observationSize || shape.actionCount !== spec.actionCount) {
    throw new RunError(
      `${name} has ${shape.observationSize} inputs and ${shape.actionCount} outputs, but ${spec.id} has ${spec.observationSize} observations and ${spec.actionCount} actions.`,
    );
  }
  // Compared before any memory is made, so that a small file cannot ask for a large memory.
  const plan = planPolicy(shape, spec.bytes);
  const expected = plan.parameters.tensors;
  const fits =
    tensors.length === expected.length &&
    expected.every(({ name: key, shape: dimensions }) => {
      const found = tensors.find((tensor) => tensor.name === key);
      return found !== undefined && String(found.shape) === String(dimensions);
    });
  if (!fits) {
    const wanted = expected.map(({ name: key, shape: size }) => `${key} [${size}]`).join(", ");
    throw new RunError(`${name} does not hold the tensors its layers need: ${wanted}.`);
  }
  const core = createCore(options.backend ?? "wasm", plan.bytes);
  for (const { name: key, values } of tensorsOf(core.buffer, plan.parameters, plan.online)) {
    values.set(tensors.find((tensor) => tensor.name === key)!.values);
  }
  return {
    spec,
    network: new ActingNetwork(core, plan.parameters, plan.online, plan.acting, shape.activation),
    environment: spec.make(core, plan.environment.offset),
  };
}
