import { describe, expect, it } from "vitest";
import { backends, Workbench } from "./workbench.ts";

const counts = [8, 16, 24, 72];

describe.each(backends)(
  "on %s, a column's bits do not depend on the number of columns",
  (backend) => {
    it.each([
      [4, 32],
      [32, 2],
      [7, 5],
      [1, 1],
      [3, 9],
      [130, 520],
    ])("denseForward: %i inputs, %i outputs", (inputs, outputs) => {
      const bench = new Workbench(backend);
      const weight = bench.allocate(inputs * outputs);
      const bias = bench.allocate(outputs);
      const narrow = bench.allocate(inputs * 8);
      const narrowOutput = bench.allocate(outputs * 8);
      for (const batch of counts) {
        const x = bench.allocate(inputs * batch);
        const y = bench.allocate(outputs * batch);
        bench.kernels.denseForward(y, x, weight, bias, outputs, inputs, batch, 0);
        for (let first = 0; first < batch; first += 8) {
          for (let i = 0; i < inputs; i++) {
            const row = x / 4 + i * batch + first;
            bench.floats(narrow, inputs * 8).set(bench.f32.subarray(row, row + 8), i * 8);
          }
          bench.kernels.denseForward(narrowOutput, narrow, weight, bias, outputs, inputs, 8, 0);
          for (let o = 0; o < outputs; o++) {
            const row = y / 4 + o * batch + first;
            const expected = bench.floats(narrowOutput + 32 * o, 8);
            expect(bench.f32.subarray(row, row + 8)).toEqual(expected);
          }
        }
      }
    });

    it.each([
      ["cartPoleStep", 4, 4],
      ["mountainCarStep", 2, 2],
      ["acrobotStep", 4, 6],
    ] as const)("%s of many environments and of one", (kernel, stateSize, observationSize) => {
      const bench = new Workbench(backend);
      let terminations = 0;
      for (const count of counts) {
        /** Allocates state, observation, terminated and force of `columns` environments. */
        const allocate = (columns: number) => [
          bench.allocate(2 * stateSize * columns),
          bench.allocate(observationSize * columns),
          bench.allocate(columns),
          bench.allocate(2 * columns),
        ];
        const [states = 0, observations = 0, ended = 0, forces = 0] = allocate(count);
        const [state = 0, observation = 0, end = 0, force = 0] = allocate(1);
        for (let step = 0; step < 20; step++) {
          for (let k = 0; k < count; k++) {
            const scale = [3, 1, 0.5, 1][(step + k) % 4]!;
            bench.f64[forces / 8 + k] = ((step * 7 + k) % 3) - 1;
            for (let row = 0; row < stateSize; row++) {
              const value = scale * (((step + 31 * k + 17 * row) % 23) / 11 - 1);
              bench.f64[states / 8 + row * count + k] = value;
            }
          }
          const before = bench.f64.slice(states / 8, states / 8 + stateSize * count);
          const number = bench.kernels[kernel](states, observations, ended, forces, count);
          let expected = 0;
          for (let k = 0; k < count; k++) {
            for (let row = 0; row < stateSize; row++) {
              bench.f64[state / 8 + row] = before[row * count + k]!;
            }
            bench.f64[force / 8] = bench.f64[forces / 8 + k]!;
            expected += bench.kernels[kernel](state, observation, end, force, 1);
            expect(bench.u32[ended / 4 + k]).toBe(bench.u32[end / 4]);
            for (let row = 0; row < stateSize; row++) {
              expect(bench.f64[states / 8 + row * count + k]).toBe(bench.f64[state / 8 + row]);
            }
            for (let row = 0; row < observationSize; row++) {
              const value = bench.f32[observations / 4 + row * count + k];
              expect(value).toBe(bench.f32[observation / 4 + row]);
            }
          }
          expect(number).toBe(expected);
          terminations += number;
        }
      }
      expect(terminations).toBeGreaterThan(0);
    });
  },
);
