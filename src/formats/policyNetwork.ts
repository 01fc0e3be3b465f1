import { activationKind, MOST_HIDDEN_LAYERS } from "../config/networkKinds.ts";
import type { EnvironmentIdentity } from "../environments/environmentSpec.ts";
import { RunError, refuseUnless, shortened } from "../errors.ts";
import type { NamedTensor, Tensor } from "../network/namedTensor.ts";
import type { Activation, NetworkShape } from "../network/networkShape.ts";
import { layOutParameters } from "../network/parameterLayout.ts";
import { readIdentity } from "./environmentIdentity.ts";
import { blameFile, parseJson } from "./fileValues.ts";
import { refuseOtherVersions } from "./fileVersion.ts";
import { type GridShape, readGridShape } from "./gridShape.ts";
import { decodeTensors, isSizes } from "./safetensors.ts";

/** A policy file without the options of its environment: what acting needs. */
export interface PolicyNetwork {
  readonly metadata: Readonly<Record<string, string>>;
  readonly shape: NetworkShape;
  readonly tensors: readonly NamedTensor[];
}

/** Parses the metadata of the network. Without a schema, because the module `wasm-dqn/policy` must stay small. */
function readShape(metadata: Readonly<Record<string, string>>, name: string): NetworkShape {
  const { activation, output_activation = "identity" } = metadata;
  const layers = parseJson(metadata.layers) as number[];
  let grid: GridShape;
  blameFile(name, () => {
    const most = MOST_HIDDEN_LAYERS + 2;
    const fits = isSizes(layers) && layers.length <= most && !layers.includes(0);
    refuseUnless(fits, "layers", `a list of at most ${most} whole numbers from 1`, layers);
    grid = readGridShape(metadata, layers[0]!);
    for (const [key, value] of Object.entries({ activation, output_activation })) {
      const known = activationKind.options.some((option) => option === value);
      refuseUnless(known, key, `one of ${activationKind.options.join(", ")}`, value);
    }
  });
  const [observationSize = 0, ...hiddenSizes] = layers;
  const actionCount = hiddenSizes.pop() ?? 0;
  return {
    observationSize,
    ...grid!,
    hiddenSizes,
    activation: activation as Activation,
    outputActivation: output_activation as Activation,
    normalizeObservations: metadata.normalize_observations === "true",
    batchNorm: metadata.batch_norm === "true",
    dueling: metadata.dueling === "true",
    actionCount,
  };
}

/** Returns the identity of a policy's environment. Files of other programs may have only `env`: then the sizes are `sizes`. */
export function readPolicyIdentity(
  { env: id = "", environment }: Readonly<Record<string, string>>,
  { actionCount, observationSize }: Pick<NetworkShape, "actionCount" | "observationSize">,
  name: string,
): EnvironmentIdentity {
  if (environment === undefined) return { id, observationSize, actionCount };
  return readIdentity(environment, name);
}

/** @throws RunError unless `tensors` are float32 and have exactly the `expected` names and shapes */
function validateTensors(
  expected: readonly Pick<Tensor, "name" | "shape">[],
  tensors: readonly Tensor[],
  name: string,
): void {
  const list = (all: typeof expected) => all.map((tensor) => `${tensor.name} [${tensor.shape}]`);
  const wanted = list(expected);
  const found = new Set(list(tensors.filter(({ values }) => values instanceof Float32Array)));
  if (wanted.length !== tensors.length || !wanted.every((tensor) => found.has(tensor))) {
    throw new RunError(`${name} must hold the float32 tensors ${wanted.join(", ")}.`);
  }
}

/** Copies a file's tensors over those of a network. @throws RunError unless the names and shapes are equal */
export function fillTensors(
  into: readonly NamedTensor[],
  from: readonly NamedTensor[],
  name: string,
): void {
  validateTensors(into, from, name);
  copyTensors(into, from);
}

/** Copies tensors of the same names and shapes. */
export function copyTensors(into: readonly NamedTensor[], from: readonly NamedTensor[]): void {
  for (const { name: key, values } of into) {
    values.set(from.find((tensor) => tensor.name === key)!.values);
  }
}

/**
 * Parses and validates the network of a policy file without allocating its memory.
 * @throws RunError if it is damaged, not a policy of this library, or its weights are not finite or do not match its layers
 */
export function readNetwork(bytes: Uint8Array, name: string): PolicyNetwork {
  const { metadata, tensors } = decodeTensors(bytes, name);
  refuseOtherVersions(metadata, "policy", name);
  for (const tensor of tensors) {
    const values = tensor.values as Float32Array;
    const odd = values.find((value) => !Number.isFinite(value));
    if (odd !== undefined) {
      throw new RunError(`${name} has ${odd} in ${shortened(tensor.name)}: its run diverged.`);
    }
  }
  const shape = readShape(metadata, name);
  const { tensors: expected } = blameFile(name, () => layOutParameters(shape));
  validateTensors(expected, tensors, name);
  return { metadata, shape, tensors: tensors as NamedTensor[] };
}
