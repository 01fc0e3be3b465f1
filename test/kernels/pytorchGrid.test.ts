import { describe, expect, it } from "vitest";
import {
  convolutionScratch,
  convolvedSize,
  gradientRows,
  patchRows,
} from "../../src/kernels/convolutionRows.ts";
import { golden } from "../golden/grid.ts";
import { backends, Workbench } from "./workbench.ts";

/** (batch, features) to (features, batch). */
function transposed(values: readonly number[], batch: number): number[] {
  const features = values.length / batch;
  return values.map((_, k) => values[(k % batch) * features + Math.floor(k / batch)]!);
}

describe.each(backends)("PyTorch's results on %s", (backend) => {
  it.each(golden.layers)("convolution of $rows x $columns x $channels", (layer) => {
    const { batch, channels, filters, kernelSize } = layer;
    const bench = new Workbench(backend);
    const put = (values: readonly number[] | Uint32Array) => {
      const ptr = bench.allocate(values.length);
      const words = values instanceof Uint32Array;
      (words ? bench.words(ptr, values.length) : bench.floats(ptr, values.length)).set(values);
      return ptr;
    };
    const near = (ptr: number, expected: readonly number[]) => {
      const found = bench.floats(ptr, expected.length);
      const gaps = expected.map((value, k) => Math.abs(found[k]! - value));
      expect(Math.max(...gaps)).toBeLessThan(5e-6);
    };
    const { kernels } = bench;
    const area = kernelSize * kernelSize;
    const patch = channels * area;
    const positions = layer.rows * layer.columns;
    const pixels = convolvedSize(layer.rows, layer) * convolvedSize(layer.columns, layer);
    const count = filters * pixels * batch;
    const x = put(transposed(layer.x, batch));
    const [weight, bias] = [put(layer.weight), put(layer.bias)];
    const [dWeight, dBias, dX] = [weight, bias, x].map(() => bench.allocate(layer.x.length + 99));
    const [rows, back] = [put(patchRows(layer, "first")), put(gradientRows(layer, filters))];
    const scratch = bench.allocate(convolutionScratch(layer, filters, batch));
    const y = bench.allocate(count);
    const d = put(transposed(layer.d, batch));
    const pointers = [x, weight, bias, rows, scratch] as const;
    const shape = [filters, patch, pixels, batch] as const;
    if (layer.scale === undefined) {
      kernels.convForward(y, ...pointers, ...shape, 0);
      kernels.reluBackward(d, y, count);
    } else {
      const [scale, shift] = [put(layer.scale), put(layer.shift!)];
      const before = bench.allocate(count);
      const [mean, inverseStd, means] = [batch, batch, 2 * batch].map((n) => bench.allocate(n));
      const statistics = [mean!, inverseStd!] as const;
      const features = filters * pixels;
      kernels.convForward(before, ...pointers, ...shape, -Infinity);
      kernels.layerNormForward(y, before, scale, shift, ...statistics, features, batch, 1e-5, 0);
      kernels.reluBackward(d, y, count);
      const [dScale, dShift] = [bench.allocate(features), bench.allocate(features)];
      const normalized = [before, scale, ...statistics, means!] as const;
      kernels.layerNormBackward(d, dScale, dShift, ...normalized, features, batch);
      near(dScale, layer.dScale!);
      near(dShift, layer.dShift!);
    }
    near(y, transposed(layer.y, batch));
    kernels.convBackwardWeights(dWeight!, dBias!, d, x, rows, scratch, ...shape);
    const sizes = [filters, channels, area, positions, batch, 0] as const;
    kernels.convBackwardInput(dX!, d, weight, x, back, scratch, ...sizes);
    near(dWeight!, layer.dWeight);
    near(dBias!, layer.dBias);
    near(dX!, transposed(layer.dX, batch));
  });
});
