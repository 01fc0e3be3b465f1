import { product } from "../numerics/product.ts";
import { Arena } from "./arena.ts";
import type { Parameter, Pointers } from "./layer.ts";
import { type Layer, networkLayers } from "./networkLayers.ts";
import type { NetworkShape } from "./networkShape.ts";

/** A tensor of the network: PyTorch name, shape, length, and byte offset in a parameter region. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
  readonly initial: Parameter["initial"];
}

/** A layer and the byte offsets of its parameters in a parameter region. */
export interface PlacedLayer {
  readonly layer: Layer;
  readonly offsets: Pointers;
}

/** Layout of a parameter region. The Q-network, the target network and the gradient share it. */
export interface ParameterLayout {
  readonly layers: readonly PlacedLayer[];
  /** In the order of the policy file: fc1.weight, fc1.bias, bn1.weight, ..., fcN.bias. */
  readonly tensors: readonly Tensor[];
  /** Number of trainable floats, including padding; a multiple of 4. They come first. */
  readonly trainable: number;
  /** Number of all floats: the trainable ones, then the others; a multiple of 4. */
  readonly length: number;
}

/** Lays out the parameters of a network. */
export function layOutParameters(shape: NetworkShape): ParameterLayout {
  const arena = new Arena();
  const placed = networkLayers(shape).map((layer) => ({
    layer,
    offsets: {} as Record<string, number>,
  }));
  const allocate = (trainable: boolean) => {
    for (const { layer, offsets } of placed) {
      for (const [key, parameter] of Object.entries(layer.parameters)) {
        if (parameter.trainable !== trainable) continue;
        offsets[key] = arena.f32(product(parameter.shape)).offset;
      }
    }
    return arena.end / 4;
  };
  const trainable = allocate(true);
  const length = allocate(false);

  const tensors = placed.flatMap(({ layer, offsets }) =>
    layer.parts.flatMap(([part, first, rows]) =>
      Object.entries(layer.parameters).map(
        ([
          key,
          {
            initial,
            shape: [, ...others],
          },
        ]): Tensor => {
          const sizes = [rows, ...others];
          const offset = offsets[key]! + 4 * first * product(others);
          return { name: `${part}.${key}`, shape: sizes, offset, length: product(sizes), initial };
        },
      ),
    ),
  );
  return { layers: placed, tensors, trainable, length };
}
