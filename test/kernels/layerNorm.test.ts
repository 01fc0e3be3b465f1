import { describe, expect, it } from "vitest";
import { backends, differences, onBoth, Workbench } from "./workbench.ts";

const cases = [1, 2, 3, 16, 33].flatMap((features) =>
  [8, 16, 24, 40].map((batch) => ({ features, batch })),
);

function allocate(bench: Workbench, features: number, batch: number) {
  return {
    x: bench.allocate(features * batch),
    y: bench.allocate(features * batch),
    d: bench.allocate(features * batch),
    one: bench.allocate(features),
    scale: bench.allocate(features),
    shift: bench.allocate(features),
    dScale: bench.allocate(features),
    dShift: bench.allocate(features),
    mean: bench.allocate(batch),
    inverseStd: bench.allocate(batch),
    scratch: bench.allocate(2 * batch),
  };
}

/** Normalises a column in float64. */
function reference(column: number[], scale: readonly number[], shift: readonly number[]): number[] {
  const mean = column.reduce((sum, x) => sum + x, 0) / column.length;
  const variance = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length;
  return column.map((x, f) => ((x - mean) / Math.sqrt(variance + 1e-5)) * scale[f]! + shift[f]!);
}

describe.each(cases)("layer normalisation of $features features, batch $batch", (shape) => {
  const { batch, features } = shape;

  it("has the same bits on both backends", () => {
    for (const bound of [0, -Infinity]) {
      const [wasm, js] = onBoth((bench) => {
        const at = allocate(bench, features, batch);
        const inputs = [at.x, at.scale, at.shift] as const;
        const statistics = [at.mean, at.inverseStd] as const;
        bench.kernels.layerNormForward(
          at.y,
          ...inputs,
          ...statistics,
          features,
          batch,
          1e-5,
          bound,
        );
        bench.kernels.layerNormForwardOne(at.one, ...inputs, features, 1e-5, bound);
        const back = [at.d, at.dScale, at.dShift, at.x, at.scale] as const;
        bench.kernels.layerNormBackward(...back, ...statistics, at.scratch, features, batch);
        bench.floats(at.scratch, 2 * batch).fill(0);
      });
      expect(differences(wasm, js)).toEqual([]);
    }
  });

  it.each(backends)(
    "normalises each column on %s, in place too, and alone with the same bits",
    (backend) => {
      const bench = new Workbench(backend);
      const { kernels } = bench;
      const at = allocate(bench, features, batch);
      const column = (ptr: number, b: number) =>
        Array.from({ length: features }, (_, f) => bench.f32[ptr / 4 + f * batch + b]!);
      const parameters = [
        [...bench.floats(at.scale, features)],
        [...bench.floats(at.shift, features)],
      ] as const;
      const rest = [at.scale, at.shift, at.mean, at.inverseStd, features, batch, 1e-5] as const;
      kernels.layerNormForward(at.y, at.x, ...rest, -Infinity);
      const observation = bench.allocate(features);
      for (let b = 0; b < batch; b++) {
        const expected = reference(column(at.x, b), ...parameters);
        const found = column(at.y, b);
        expect(Math.max(...found.map((value, f) => Math.abs(value - expected[f]!)))).toBeLessThan(
          5e-5,
        );
        bench.floats(observation, features).set(column(at.x, b));
        const one = [observation, at.scale, at.shift, features, 1e-5, -Infinity] as const;
        kernels.layerNormForwardOne(at.one, ...one);
        expect([...bench.floats(at.one, features)]).toEqual(found);
      }
      const found = bench.floats(at.y, features * batch).map((value) => Math.max(value, 0));
      kernels.layerNormForward(at.x, at.x, ...rest, 0);
      expect(bench.floats(at.x, features * batch)).toEqual(found);
    },
  );

  it.each(backends)("has the gradients of finite differences on %s", (backend) => {
    const bench = new Workbench(backend);
    const at = allocate(bench, features, batch);
    const table = (ptr: number) =>
      Array.from({ length: batch }, (_, b) =>
        Array.from({ length: features }, (_, f) => bench.f32[ptr / 4 + f * batch + b]!),
      );
    const [x, d] = [table(at.x), table(at.d)];
    const scale = [...bench.floats(at.scale, features)];
    const shift = [...bench.floats(at.shift, features)];
    /** Sum of the outputs of column b times their gradients. */
    const total = (b: number, column = x[b]!, scales = scale, shifts = shift) =>
      reference(column, scales, shifts).reduce((sum, value, f) => sum + value * d[b]![f]!, 0);
    const h = 1e-6;
    const moved = (values: number[], at: number, by: number) =>
      values.map((value, k) => (k === at ? value + by : value));
    const columns = x.map((_, b) => b);
    const slope = (f: (by: number) => number) => (f(h) - f(-h)) / (2 * h);
    const statistics = [at.mean, at.inverseStd] as const;
    const inputs = [at.x, at.scale, at.shift] as const;
    bench.kernels.layerNormForward(
      at.y,
      ...inputs,
      ...statistics,
      features,
      batch,
      1e-5,
      -Infinity,
    );
    const back = [at.d, at.dScale, at.dShift, at.x, at.scale] as const;
    bench.kernels.layerNormBackward(...back, ...statistics, at.scratch, features, batch);
    const gradient = table(at.d);
    for (let f = 0; f < features; f += 5) {
      for (let b = 0; b < batch; b += 3) {
        const expected = slope((by) => total(b, moved(x[b]!, f, by)));
        expect(
          Math.abs(gradient[b]![f]! - expected) / Math.max(1, Math.abs(expected)),
        ).toBeLessThan(1e-3);
      }
      const sum = (one: (b: number) => number) => columns.reduce((all, b) => all + one(b), 0);
      const byScale = sum((b) => slope((by) => total(b, x[b], moved(scale, f, by))));
      const byShift = sum((b) => slope((by) => total(b, x[b], scale, moved(shift, f, by))));
      expect(bench.f32[at.dScale / 4 + f]).toBeCloseTo(byScale, 3);
      expect(bench.f32[at.dShift / 4 + f]).toBeCloseTo(byShift, 3);
    }
  });
});
