import { describe, expect, it } from "vitest";
import {
  type Convolution,
  convolutionScratch,
  convolvedSize,
  gradientRows,
  patchRows,
} from "../../src/kernels/convolutionRows.ts";
import { backends, differences, onBoth, Workbench } from "./workbench.ts";

interface Case extends Convolution {
  readonly filters: number;
  readonly batch: number;
}

const base = { rows: 5, columns: 5, channels: 1, kernelSize: 3, stride: 1, filters: 1, batch: 8 };
const valid = { ...base, padding: "valid" } as const;
const same = { ...base, padding: "same" } as const;
const cases: readonly Case[] = [
  valid,
  same,
  { ...valid, kernelSize: 5, filters: 3 },
  { ...valid, kernelSize: 1, channels: 3, filters: 2, batch: 16 },
  { ...valid, stride: 2, channels: 4, filters: 5, batch: 24 },
  { ...same, stride: 2, channels: 5, filters: 4, batch: 32 },
  { ...same, rows: 4, columns: 7, stride: 3, channels: 2, filters: 6, batch: 40 },
  { ...same, kernelSize: 2, channels: 3, filters: 9, batch: 16 },
  { ...same, kernelSize: 4, stride: 2, rows: 3, columns: 2, channels: 2, filters: 2 },
  { ...valid, rows: 10, columns: 10, channels: 4, filters: 16, batch: 40 },
  { ...valid, rows: 8, columns: 6, channels: 7, filters: 8, kernelSize: 2 },
];

function name({ batch, channels, columns, filters, kernelSize, padding, rows, stride }: Case) {
  const grid = `${rows}x${columns}x${channels}`;
  return `${grid}, ${filters} filters ${kernelSize}x${kernelSize}, stride ${stride}, ${padding}, batch ${batch}`;
}

/** Arrays of a convolution in the memory of a workbench, and its sizes. */
function allocate(bench: Workbench, convolution: Case, order: "first" | "last") {
  const { batch, channels, columns, filters, kernelSize, rows } = convolution;
  const area = kernelSize ** 2;
  const patch = channels * area;
  const positions = rows * columns;
  const height = convolvedSize(rows, convolution);
  const width = convolvedSize(columns, convolution);
  const pixels = height * width;
  const table = (values: Uint32Array) => {
    const ptr = bench.allocate(values.length);
    bench.words(ptr, values.length).set(values);
    return ptr;
  };
  return {
    x: bench.allocate(channels * positions * batch),
    weight: bench.allocate(filters * patch),
    bias: bench.allocate(filters),
    y: bench.allocate(filters * pixels * batch),
    one: bench.allocate(filters * pixels),
    dWeight: bench.allocate(filters * patch),
    dBias: bench.allocate(filters),
    dX: bench.allocate(channels * positions * batch),
    rows: table(patchRows(convolution, order)),
    back: table(gradientRows(convolution, filters)),
    scratch: bench.allocate(convolutionScratch(convolution, filters, batch)),
    // A kernel that writes past its scratch memory changes this guard.
    guard: bench.allocate(64),
    ...{ area, patch, pixels, positions, height, width },
  };
}

/** The output (filter, row, column, sample) by the definition, in float64. Arguments are functions of indices. */
function reference(
  convolution: Case,
  weight: (o: number, c: number, ky: number, kx: number) => number,
  bias: (o: number) => number,
  input: (c: number, row: number, column: number, sample: number) => number,
): number[] {
  const {
    batch,
    channels,
    columns,
    filters,
    kernelSize: size,
    padding,
    rows,
    stride,
  } = convolution;
  const height =
    padding === "same" ? Math.ceil(rows / stride) : Math.floor((rows - size) / stride) + 1;
  const width =
    padding === "same" ? Math.ceil(columns / stride) : Math.floor((columns - size) / stride) + 1;
  const zeros = (outputs: number, inputs: number) =>
    padding === "same" ? Math.floor(Math.max(0, (outputs - 1) * stride + size - inputs) / 2) : 0;
  const found: number[] = [];
  for (let o = 0; o < filters; o++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let b = 0; b < batch; b++) {
          let sum = bias(o);
          for (let c = 0; c < channels; c++) {
            for (let ky = 0; ky < size; ky++) {
              for (let kx = 0; kx < size; kx++) {
                const row = y * stride + ky - zeros(height, rows);
                const column = x * stride + kx - zeros(width, columns);
                if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
                sum += weight(o, c, ky, kx) * input(c, row, column, b);
              }
            }
          }
          found.push(sum);
        }
      }
    }
  }
  return found;
}

/** Lower bounds of outputs, and activations of the layer before. */
const bounds = [
  [0, 1],
  [-Infinity, 2],
  [-Infinity, 0],
] as const;

/** At most 6 numbers below `count`, with the last. */
function some(count: number): number[] {
  return [0, 1, 2, 3, 4, 5].map((k) => Math.floor((k * (count - 1)) / 5));
}

describe.each(cases)("a convolution", (convolution) => {
  const { batch, channels, columns, filters, kernelSize, rows } = convolution;
  it.each(["first", "last"] as const)(
    `${name(convolution)}: has the same bits on both backends, channels %s`,
    (order) => {
      for (const [bound, activation] of bounds) {
        const [wasm, js] = onBoth((bench) => {
          const at = allocate(bench, convolution, order);
          const { kernels } = bench;
          const pointers = [at.x, at.weight, at.bias, at.rows, at.scratch] as const;
          const shape = [filters, at.patch, at.pixels] as const;
          kernels.convForward(at.y, ...pointers, ...shape, batch, bound);
          kernels.convForwardOne(at.one, ...pointers, ...shape, bound);
          const gradients = [at.y, at.x, at.rows, at.scratch] as const;
          kernels.convBackwardWeights(at.dWeight, at.dBias, ...gradients, ...shape, batch);
          const back = [at.y, at.weight, at.x, at.back, at.scratch] as const;
          const sizes = [filters, channels, at.area, at.positions, batch] as const;
          kernels.convBackwardInput(at.dX, ...back, ...sizes, activation);
          bench.floats(at.scratch, convolutionScratch(convolution, filters, batch)).fill(0);
        });
        expect(differences(wasm, js)).toEqual([]);
      }
    },
  );

  it.each(backends)(`${name(convolution)}: agrees with its definition on %s`, (backend) => {
    for (const order of ["first", "last"] as const) {
      const bench = new Workbench(backend);
      const at = allocate(bench, convolution, order);
      const guard = [...bench.words(at.guard, 64)];
      const inputRow = (c: number, row: number, column: number) => {
        const position = row * columns + column;
        return order === "last" ? position * channels + c : c * rows * columns + position;
      };
      const input = (c: number, row: number, column: number, b: number) =>
        bench.f32[at.x / 4 + inputRow(c, row, column) * batch + b]!;
      const weightAt = (o: number, c: number, ky: number, kx: number) =>
        at.weight / 4 + ((o * channels + c) * kernelSize + ky) * kernelSize + kx;
      const weight = (...place: [number, number, number, number]) => bench.f32[weightAt(...place)]!;
      const bias = (o: number) => bench.f32[at.bias / 4 + o]!;
      const expected = reference(convolution, weight, bias, input);
      const pointers = [at.x, at.weight, at.bias, at.rows, at.scratch] as const;
      const shape = [filters, at.patch, at.pixels] as const;
      bench.kernels.convForward(at.y, ...pointers, ...shape, batch, -Infinity);
      const found = bench.floats(at.y, filters * at.pixels * batch);
      expect(Math.max(...expected.map((value, k) => Math.abs(value - found[k]!)))).toBeLessThan(
        5e-5,
      );

      // The sum of all outputs times their gradients is linear in the weights, the biases and the input.
      const d = Float32Array.from(found, (_, k) => Math.fround(((k * 37) % 41) / 20 - 1));
      found.set(d);
      const total = (outputs: number[]) =>
        outputs.reduce((sum, value, k) => sum + value * d[k]!, 0);
      const gradients = [at.y, at.x, at.rows, at.scratch] as const;
      bench.kernels.convBackwardWeights(at.dWeight, at.dBias, ...gradients, ...shape, batch);
      const none = () => 0;
      for (const j of some(filters * at.patch)) {
        const only = (...place: [number, number, number, number]) =>
          weightAt(...place) === at.weight / 4 + j ? 1 : 0;
        const slope = total(reference(convolution, only, none, input));
        expect(bench.f32[at.dWeight / 4 + j]).toBeCloseTo(slope, 3);
      }
      for (const o of some(filters)) {
        const slope = total(reference(convolution, none, (k) => (k === o ? 1 : 0), none));
        expect(bench.f32[at.dBias / 4 + o]).toBeCloseTo(slope, 3);
      }
      if (order === "first") {
        const back = [at.y, at.weight, at.x, at.back, at.scratch] as const;
        const sizes = [filters, channels, at.area, at.positions, batch] as const;
        bench.kernels.convBackwardInput(at.dX, ...back, ...sizes, 0);
        for (const k of some(channels * at.positions * batch)) {
          const only = (c: number, row: number, column: number, b: number) =>
            inputRow(c, row, column) * batch + b === k ? 1 : 0;
          const slope = total(reference(convolution, weight, none, only));
          expect(bench.f32[at.dX / 4 + k]).toBeCloseTo(slope, 3);
        }
      }
      expect([...bench.words(at.guard, 64)]).toEqual(guard);
    }
  });

  it.each(backends)(
    `${name(convolution)}: one observation has the bits of a batch on %s`,
    (backend) => {
      const bench = new Workbench(backend);
      const at = allocate(bench, convolution, "last");
      const shape = [filters, at.patch, at.pixels] as const;
      const rest = [at.weight, at.bias, at.rows, at.scratch] as const;
      bench.kernels.convForward(at.y, at.x, ...rest, ...shape, batch, 0);
      const observation = bench.allocate(channels * at.positions);
      const afterOne = bench.f32[at.one / 4 + filters * at.pixels];
      for (const column of [0, batch - 1]) {
        for (let k = 0; k < channels * at.positions; k++) {
          bench.f32[observation / 4 + k] = bench.f32[at.x / 4 + k * batch + column]!;
        }
        bench.kernels.convForwardOne(at.one, observation, ...rest, ...shape, 0);
        const found = bench.floats(at.one, filters * at.pixels);
        const expected = Array.from(found, (_, k) => bench.f32[at.y / 4 + k * batch + column]);
        expect([...found]).toEqual(expected);
        expect(bench.f32[at.one / 4 + filters * at.pixels]).toBe(afterOne);
      }
    },
  );
});
