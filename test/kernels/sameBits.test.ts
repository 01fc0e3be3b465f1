import { describe, expect, it } from "vitest";
import { differences, onBoth } from "./workbench.ts";

const widths = [1, 2, 3, 4, 7, 17, 33];
const batches = [1, 2, 31, 33];
const padded = (batch: number) => Math.ceil(batch / 8) * 8;
const shapes = widths.flatMap((outputs) =>
  widths.flatMap((inputs) => batches.map((batch) => ({ outputs, inputs, batch }))),
);

describe("wasm and js write the same bits", () => {
  it.each(shapes)("dense: $inputs inputs, $outputs outputs, batch $batch", (shape) => {
    const { outputs, inputs } = shape;
    const batch = padded(shape.batch);
    const [wasm, js] = onBoth((bench) => {
      const x = bench.allocate(inputs * batch);
      const weight = bench.allocate(outputs * inputs);
      const bias = bench.allocate(outputs);
      const y = bench.allocate(outputs * batch);
      const row = bench.allocate(outputs);
      const dWeight = bench.allocate(outputs * inputs);
      const dBias = bench.allocate(outputs);
      const dX = bench.allocate(inputs * batch);
      const scratch = bench.allocate(4 * Math.max(4 * outputs, batch));
      for (const [bound, activation] of [
        [0, 1],
        [-Infinity, 2],
        [-Infinity, 0],
      ] as const) {
        bench.kernels.denseForward(y, x, weight, bias, outputs, inputs, batch, bound);
        bench.kernels.denseForwardOne(row, x, weight, bias, outputs, inputs, bound);
        bench.kernels.denseBackwardWeights(dWeight, dBias, y, x, scratch, outputs, inputs, batch);
        const shape = [outputs, inputs, batch] as const;
        bench.kernels.denseBackwardInput(dX, y, weight, x, scratch, ...shape, activation);
        bench.floats(scratch, 4 * Math.max(4 * outputs, batch)).fill(0);
        bench.kernels.adam(weight, dWeight, dX, y, 4, 0.01, 0.9, 0.999, 1e-8, 1.5);
      }
    });
    expect(differences(wasm, js)).toEqual([]);
  });

  it.each([4, 8, 12, 36, 100])("flat kernels over %i numbers", (count) => {
    const [wasm, js] = onBoth((bench) => {
      const rooms = Array.from({ length: 6 }, () => bench.allocate(count));
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = rooms;
      const variance = bench.floats(f, count);
      for (let k = 0; k < count; k++) {
        variance[k] = Math.abs(variance[k]!);
        bench.floats(a, count)[k]! *= 12;
      }
      bench.kernels.tanhForward(a, count);
      bench.kernels.tanhBackward(b, a, count);
      bench.kernels.reluBackward(c, a, count);
      bench.kernels.adam(d, c, e, f, count, 1e-3, 0.9, 0.999, 1e-8, 1.01);
      bench.kernels.softUpdate(e, d, count, 0.005);
      bench.kernels.rmsprop(d, c, e, f, count, 0.01, 0.99, 1e-8, 0.5);
      bench.kernels.rmspropCentered(d, b, e, f, count, 0.01, 0.95, 0.01);
      bench.kernels.sgd(d, c, e, count, 0.05, 0.9);
      bench.kernels.maskIllegal(a, b, count);
      bench.kernels.clampValues(b, count, 0.25);
      bench.kernels.clipNorm(c, count, 0.5);
      bench.kernels.clipNorm(d, count, 1e6);
    });
    expect(differences(wasm, js)).toEqual([]);
  });

  it("optimizers flush decayed moments to 0 instead of denormal numbers", () => {
    const found: number[][] = [];
    const [wasm, js] = onBoth((bench) => {
      const rooms = Array.from({ length: 4 }, () => bench.allocate(8));
      const [weight = 0, gradient = 0, first = 0, second = 0] = rooms;
      const moments = () => [...bench.floats(first, 4), ...bench.floats(second, 4)];
      const start = () => {
        bench.floats(gradient, 4).set([0, 0, 1e-3, Number.NaN]);
        bench.floats(first, 4).set([1e-30, -1e-30, 1e-38, 1]);
        bench.floats(second, 4).set([1e-30, 1e-38, 1e-38, 1]);
      };
      start();
      for (let step = 0; step < 10; step++) {
        bench.kernels.adam(weight, gradient, first, second, 4, 0.01, 0.9, 0.9, 1e-8, 1.5);
      }
      found.push(moments());
      start();
      for (let step = 0; step < 10; step++) {
        bench.kernels.rmsprop(weight, gradient, first, second, 4, 0.01, 0.9, 1e-8, 0.5);
        bench.kernels.sgd(weight, gradient, first, 4, 0.01, 0.5);
      }
      found.push(moments());
    });
    expect(differences(wasm, js)).toEqual([]);
    for (const moments of found) {
      expect(moments.slice(0, 2)).toEqual([0, 0]);
      expect([moments[2], moments[6]]).not.toContain(0);
      expect([moments[3], moments[7]]).toEqual([Number.NaN, Number.NaN]);
    }
    for (const moments of found.filter((_, k) => k % 2 === 0)) {
      expect(moments.slice(4, 6)).toEqual([0, 0]);
    }
  });

  it.each(batches.flatMap((batch) => widths.map((actions) => ({ batch, actions }))))(
    "TD targets and losses: $actions actions, batch $batch",
    ({ batch: samples, actions }) => {
      const batch = padded(samples);
      const [wasm, js] = onBoth((bench) => {
        const rooms = Array.from({ length: 6 }, () => bench.allocate(batch));
        const [reward = 0, discount = 0, action = 0, target = 0, errors = 0, weights = 0] = rooms;
        const q = bench.allocate(actions * batch);
        const choosing = bench.allocate(actions * batch);
        const dQ = bench.allocate(actions * batch);
        const losses = [bench.allocate(1), bench.allocate(1)] as const;
        const chosen = bench.floats(action, batch);
        for (let b = 0; b < batch; b++) chosen[b] = b < samples ? (b * 5) % actions : -1;
        bench.kernels.tdTarget(target, q, reward, discount, actions, batch);
        const inputs = [q, action, target, weights] as const;
        const shape = [actions, batch, samples] as const;
        bench.kernels.mseGradient(dQ, errors, losses[0], ...inputs, ...shape);
        bench.kernels.doubleTarget(target, choosing, q, reward, discount, actions, batch);
        bench.kernels.huberGradient(dQ, errors, losses[1], ...inputs, ...shape, 0.3);
        bench.kernels.duelingForward(choosing, q, actions - 1, batch);
        bench.kernels.duelingForwardOne(choosing, q, actions - 1);
        bench.kernels.duelingBackward(q, dQ, actions - 1, batch);
      });
      expect(differences(wasm, js)).toEqual([]);
    },
  );

  it.each(
    batches
      .filter((samples) => samples > 1)
      .flatMap((samples) => widths.map((features) => ({ samples, features }))),
  )("batch normalisation: $features features, batch $samples", ({ samples, features }) => {
    const batch = padded(samples);
    const [wasm, js] = onBoth((bench) => {
      const x = bench.allocate(features * batch);
      const y = bench.allocate(features * batch);
      const d = bench.allocate(features * batch);
      const rooms = Array.from({ length: 8 }, () => bench.allocate(features));
      const [scale = 0, shift = 0, mean = 0, variance = 0, center = 0, factor = 0] = rooms;
      const [, , , , , , dScale = 0, dShift = 0] = rooms;
      for (let f = 0; f < features; f++) bench.floats(variance, features)[f]! += 1.5;
      const ptrs = [y, x, scale, shift, mean, variance] as const;
      const shape = [features, batch, samples] as const;
      bench.kernels.batchNormForward(...ptrs, center, factor, ...shape, 0.1, 1e-5, 0);
      bench.kernels.batchNormBackward(d, dScale, dShift, x, scale, center, factor, ...shape);
      bench.kernels.batchNormEvaluate(...ptrs, features, batch, 1e-5, -Infinity);
      bench.kernels.batchNormEvaluate(...ptrs, features, 1, 1e-5, 0);
    });
    expect(differences(wasm, js)).toEqual([]);
  });

  it.each([3, 11, 12, 13, 35])("gathering rows of %i numbers", (width) => {
    const stride = Math.ceil(width / 4) * 4;
    const [wasm, js] = onBoth((bench) => {
      const table = bench.allocate(stride * 50);
      const rows = bench.allocate(40);
      const batch = bench.allocate(width * 40);
      for (let k = 0; k < 40; k++) bench.words(rows, 40)[k] = (k * 7) % 50;
      bench.kernels.gatherRows(batch, table, rows, width, stride, 40);
    });
    expect(differences(wasm, js)).toEqual([]);
  });

  it.each([
    [1, 1],
    [5, 3],
    [32, 8],
  ])("Q(lambda) targets: %i steps of %i environments", (steps, envs) => {
    const [wasm, js] = onBoth((bench) => {
      const rollout = bench.allocate(4 * steps * envs);
      const next = bench.allocate(envs);
      bench.kernels.qLambdaTargets(rollout, next, steps, envs, 0.65);
    });
    expect(differences(wasm, js)).toEqual([]);
  });

  it.each([3, 4, 11, 12, 13, 1_000])("gathering rows of %i bytes", (width) => {
    const stride = Math.ceil(width / 4) * 4;
    const gathered: Float32Array[] = [];
    const [wasm, js] = onBoth((bench) => {
      const table = bench.allocate((stride * 50) / 4);
      const rows = bench.allocate(40);
      const batch = bench.allocate(width * 40);
      const bytes = new Uint8Array(bench.f64.buffer, table, stride * 50);
      for (let k = 0; k < bytes.length; k++) bytes[k] = k * 37;
      for (let k = 0; k < 40; k++) bench.floats(rows, 40)[k] = (k * 7) % 50;
      bench.kernels.gatherBytes(batch, table, rows, width, stride, 40);
      gathered.push(bench.floats(batch, width * 40).slice());
    });
    expect(differences(wasm, js)).toEqual([]);
    const expected = Float32Array.from({ length: width * 40 }, (_, k) => {
      const row = ((k % 40) * 7) % 50;
      return ((row * stride + Math.floor(k / 40)) * 37) % 256;
    });
    expect(gathered[0]).toEqual(expected);
  });

  it.each([1, 2, 3, 8, 33])("%i environments of each kind, including rare states", (count) => {
    const ended: number[] = [];
    const [wasm, js] = onBoth((bench) => {
      for (const kernel of ["cartPoleStep", "mountainCarStep", "acrobotStep"] as const) {
        const state = bench.allocate(8 * count);
        const observation = bench.allocate(6 * count);
        const terminated = bench.allocate(count);
        const forces = bench.allocate(2 * count);
        for (let k = 0; k < 4 * count; k++) {
          const scale = [3, 2, k % 3 === 0 ? 9 : 0.2, 4][Math.floor(k / count)]!;
          bench.f64[state / 8 + k] = scale * Math.fround(((k * 37) % 101) / 50 - 1);
        }
        const strength = kernel === "cartPoleStep" ? 10 : 1;
        for (let step = 0; step < 100; step++) {
          for (let k = 0; k < count; k++) {
            bench.f64[forces / 8 + k] = strength * (((step + k) % 3) - 1);
          }
          ended.push(bench.kernels[kernel](state, observation, terminated, forces, count));
        }
      }
    });
    expect(differences(wasm, js)).toEqual([]);
    expect(ended.slice(0, 300)).toEqual(ended.slice(300));
    expect(ended.some((number) => number > 0)).toBe(true);
  });
});
