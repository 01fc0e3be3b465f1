import type { Region } from "./arena.ts";
import type { ParameterLayout } from "./parameterLayout.ts";

/** A tensor under a name, as files hold it. */
export interface Tensor<Values = Float64Array | Float32Array | Uint32Array | Uint8Array> {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Values;
}

/** A float32 tensor, a network's. */
export type NamedTensor = Tensor<Float32Array>;

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
