import { describe, expect, it } from "vitest";
import { cosine, sine } from "../../assembly/trigonometry.ts";
import { activationCodes } from "../../src/kernels/activationCodes.ts";
import "./relaxedSimd.ts";
import { backends, Workbench } from "./workbench.ts";

describe.each([...backends, "wasm-fma"] as const)(
  "%s kernels match float64 arithmetic",
  (backend) => {
    const [outputs, inputs, batch] = [7, 5, 16];

    function layer() {
      const bench = new Workbench(backend);
      const x = bench.allocate(inputs * batch);
      const weight = bench.allocate(outputs * inputs);
      const bias = bench.allocate(outputs);
      const y = bench.allocate(outputs * batch);
      return { bench, x, weight, bias, y };
    }

    it("denseForward computes weight x input + bias, clamped to a minimum", () => {
      const { bench, x, weight, bias, y } = layer();
      bench.kernels.denseForward(y, x, weight, bias, outputs, inputs, batch, 0);
      for (let o = 0; o < outputs; o++) {
        for (let b = 0; b < batch; b++) {
          let sum = bench.floats(bias, outputs)[o]!;
          for (let i = 0; i < inputs; i++) {
            sum +=
              bench.floats(weight, outputs * inputs)[o * inputs + i]! *
              bench.floats(x, inputs * batch)[i * batch + b]!;
          }
          expect(bench.floats(y, outputs * batch)[o * batch + b]).toBeCloseTo(Math.max(sum, 0), 5);
        }
      }
    });

    it("the optimizers round 1 - beta once, as PyTorch does", () => {
      const bench = new Workbench(backend);
      const [weight, gradient, mean, square] = [4, 4, 4, 4].map((count) => bench.allocate(count));
      bench.floats(gradient!, 4).fill(1);
      bench.floats(mean!, 4).fill(0);
      bench.floats(square!, 4).fill(0);
      bench.kernels.adam(weight!, gradient!, mean!, square!, 4, 1e-3, 0.9, 0.999, 1e-8, 1);
      expect(bench.floats(mean!, 4)[0]).toBe(Math.fround(0.1));
      expect(bench.floats(square!, 4)[0]).toBe(Math.fround(0.001));
      bench.floats(square!, 4).fill(0);
      bench.kernels.rmsprop(weight!, gradient!, mean!, square!, 4, 1e-3, 0.99, 1e-8, 0);
      expect(bench.floats(square!, 4)[0]).toBe(Math.fround(0.01));
    });

    it("denseForwardOne agrees with the first column of denseForward", () => {
      const { bench, x, weight, bias, y } = layer();
      const row = bench.allocate(inputs);
      const one = bench.allocate(outputs);
      for (let i = 0; i < inputs; i++) {
        bench.floats(row, inputs)[i] = bench.floats(x, inputs * batch)[i * batch]!;
      }
      bench.kernels.denseForward(y, x, weight, bias, outputs, inputs, batch, -Infinity);
      bench.kernels.denseForwardOne(one, row, weight, bias, outputs, inputs, -Infinity);
      for (let o = 0; o < outputs; o++) {
        const expected = bench.floats(y, outputs * batch)[o * batch]!;
        expect(bench.floats(one, outputs)[o]).toBeCloseTo(expected, 5);
      }
    });

    it("the backward kernels agree with finite differences of sum(y * g)", () => {
      const { bench, x, weight, bias, y } = layer();
      const g = bench.allocate(outputs * batch);
      const dWeight = bench.allocate(outputs * inputs);
      const dBias = bench.allocate(outputs);
      const dX = bench.allocate(inputs * batch);
      const scratch = bench.allocate(4 * Math.max(4 * outputs, batch));
      bench.kernels.denseBackwardWeights(dWeight, dBias, g, x, scratch, outputs, inputs, batch);
      bench.kernels.denseBackwardInput(dX, g, weight, x, scratch, outputs, inputs, batch, 0);
      const objective = () => {
        bench.kernels.denseForward(y, x, weight, bias, outputs, inputs, batch, -Infinity);
        let sum = 0;
        for (let k = 0; k < outputs * batch; k++) {
          sum += bench.floats(y, outputs * batch)[k]! * bench.floats(g, outputs * batch)[k]!;
        }
        return sum;
      };
      const check = (values: number, derivatives: number, count: number) => {
        for (let k = 0; k < count; k++) {
          const value = bench.floats(values, count)[k]!;
          bench.floats(values, count)[k] = value + 0.5;
          const above = objective();
          bench.floats(values, count)[k] = value - 0.5;
          const below = objective();
          bench.floats(values, count)[k] = value;
          expect(bench.floats(derivatives, count)[k]).toBeCloseTo(above - below, 4);
        }
      };
      check(weight, dWeight, outputs * inputs);
      check(bias, dBias, outputs);
      check(x, dX, inputs * batch);
    });

    it.each([
      ["identity", () => 1],
      ["relu", (y: number) => (y > 0 ? 1 : 0)],
      ["tanh", (y: number) => 1 - y * y],
    ] as const)("denseBackwardInput multiplies by the derivative of %s", (activation, slope) => {
      const { bench, x, weight } = layer();
      const g = bench.allocate(outputs * batch);
      const scratch = bench.allocate(4 * Math.max(4 * outputs, batch));
      const [plain, through] = [bench.allocate(inputs * batch), bench.allocate(inputs * batch)];
      const shape = [outputs, inputs, batch] as const;
      bench.kernels.denseBackwardInput(plain, g, weight, x, scratch, ...shape, 0);
      const code = activationCodes[activation];
      bench.kernels.denseBackwardInput(through, g, weight, x, scratch, ...shape, code);
      for (let k = 0; k < inputs * batch; k++) {
        const y = bench.floats(x, inputs * batch)[k]!;
        const expected = bench.floats(plain, inputs * batch)[k]! * slope(y);
        expect(bench.floats(through, inputs * batch)[k]).toBeCloseTo(expected, 6);
      }
    });

    it("tanh has a relative error below 5e-7, is bounded by 1 and keeps NaN and -0", () => {
      const bench = new Workbench(backend);
      const count = 4000;
      const ptr = bench.allocate(count);
      const values = bench.floats(ptr, count);
      const inputs = Float32Array.from({ length: count }, (_, k) =>
        k < 2000 ? (k - 1000) / 80 : (k % 2 === 0 ? 1 : -1) * 10 ** (-(k - 1999) / 60),
      );
      values.set(inputs);
      bench.kernels.tanhForward(ptr, count);
      for (let k = 0; k < count; k++) {
        const expected = Math.tanh(inputs[k]!);
        expect(Math.abs(values[k]! - expected)).toBeLessThanOrEqual(5e-7 * Math.abs(expected));
        expect(Math.abs(values[k]!)).toBeLessThanOrEqual(1);
      }
      values.set([Number.NaN, Infinity, -Infinity, -0]);
      bench.kernels.tanhForward(ptr, 4);
      expect(values[0]).toBeNaN();
      expect(values[1]).toBeCloseTo(1, 6);
      expect(values[2]).toBeCloseTo(-1, 6);
      expect(values[3]).toBe(-0);
    });
  },
);

describe("sine and cosine", () => {
  it("are within 1e-15 of Math.sin and Math.cos up to 1e5 radians", () => {
    for (let k = -5000; k <= 5000; k++) {
      const x = k < 0 ? k / 700 : (k * k) / 250;
      expect(Math.abs(sine(x) - Math.sin(x))).toBeLessThan(1e-15);
      expect(Math.abs(cosine(x) - Math.cos(x))).toBeLessThan(1e-15);
    }
  });
});
