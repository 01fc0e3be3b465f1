import type { Region } from "./arena.ts";
import type { ParameterLayout } from "./parameterLayout.ts";

/** A named tensor of a file. */
export interface Tensor<Values = Float64Array | Float32Array | Uint32Array | Uint8Array> {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Values;
}

/** A float32 tensor of a network. */
export type NamedTensor = Tensor<Float32Array>;

/** Views of the tensors in a parameter region, without padding, in the order of the policy file. */
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
