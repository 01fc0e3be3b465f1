import { describe, expect, it } from "vitest";
import { backends, differences, onBoth, Workbench } from "./workbench.ts";

describe.each(backends)("%s kernels", (backend) => {
  it("write only to their outputs", () => {
    const [outputs, inputs, batch, actions] = [2, 4, 8, 2];
    const bench = new Workbench(backend);
    const { kernels } = bench;
    const guards: number[] = [];
    /** Allocates `count` floats and, after them, a guard that no kernel may write to. */
    const room = (count: number) => {
      const ptr = bench.allocate(count);
      guards.push(bench.allocate(4 * batch));
      return ptr;
    };
    const [x, weight, bias, y] = [inputs * batch, outputs * inputs, outputs, outputs * batch].map(
      room,
    );
    const [dWeight, dBias, dX, one] = [outputs * inputs, outputs, inputs * batch, 4].map(room);
    const scratch = bench.allocate(4 * batch);
    const [target, q, reward, discount] = [batch, actions * batch, batch, batch].map(room);
    const [dQ, errors, action, weights] = [actions * batch, batch, batch, batch].map(room);
    const [rows, gathered, head, loss] = [batch, 3 * batch, 3 * batch, 1].map(room);
    const table = room(4 * 8);
    bench.floats(action!, batch).fill(1);
    for (let k = 0; k < batch; k++) bench.words(rows!, batch)[k] = 7 - k;
    // Each kernel would change this value if it wrote past its output.
    for (const guard of guards) bench.floats(guard, 4 * batch).fill(0.75);
    const before = guards.map((guard) => [...bench.words(guard, 4 * batch)]);

    const shape = [outputs, inputs, batch] as const;
    kernels.denseForward(y!, x!, weight!, bias!, ...shape, 0);
    kernels.denseForwardOne(one!, x!, weight!, bias!, outputs, inputs, 0);
    kernels.denseBackwardWeights(dWeight!, dBias!, y!, x!, scratch, ...shape);
    for (const activation of [0, 1, 2]) {
      kernels.denseBackwardInput(dX!, y!, weight!, x!, scratch, ...shape, activation);
    }
    kernels.tanhForward(y!, outputs * batch);
    kernels.tanhBackward(y!, x!, outputs * batch);
    kernels.reluBackward(y!, x!, outputs * batch);
    kernels.tdTarget(target!, q!, reward!, discount!, actions, batch);
    kernels.doubleTarget(target!, dQ!, q!, reward!, discount!, actions, batch);
    const ptrs = [dQ!, errors!, loss!, q!, action!, target!, weights!] as const;
    kernels.mseGradient(...ptrs, actions, batch, batch);
    kernels.huberGradient(...ptrs, actions, batch, batch, 1);
    kernels.gatherRows(gathered!, table, rows!, 3, 4, batch);
    bench.floats(rows!, batch).fill(7);
    kernels.gatherBytes(gathered!, table, rows!, 3, 4, batch);
    kernels.duelingForward(q!, head!, actions, batch);
    kernels.duelingForwardOne(one!, head!, actions);
    kernels.duelingBackward(head!, dQ!, actions, batch);
    kernels.adam(weight!, dWeight!, x!, y!, 8, 0.1, 0.5, 0.5, 0.1, 1);
    kernels.rmsprop(weight!, dWeight!, x!, y!, 8, 0.1, 0.5, 0.1, 0.5);
    kernels.rmspropCentered(weight!, dWeight!, x!, y!, 8, 0.1, 0.5, 0.1);
    kernels.sgd(weight!, dWeight!, x!, 8, 0.1, 0.5);
    kernels.softUpdate(weight!, dWeight!, 8, 0.5);
    kernels.clampValues(dX!, inputs * batch, 0.01);
    kernels.clipNorm(dX!, inputs * batch, 0.01);
    guards.forEach((guard, k) => {
      expect([...bench.words(guard, 4 * batch)], `guard ${k}`).toEqual(before[k]);
    });
  });

  it("choose the first of equal actions in Double DQN", () => {
    const bench = new Workbench(backend);
    const [target, choosing, q, reward, discount] = [8, 24, 24, 8, 8].map((count) =>
      bench.allocate(count),
    );
    const columns = (...values: number[]) => [...values, 0, 0, 0, 0];
    const onlineNextQ = [columns(1, 1, 2, 3), columns(1, 2, 2, 3), columns(1, 2, 1, 4)];
    const nextQ = [columns(10, 11, 12, 13), columns(20, 21, 22, 23), columns(30, 31, 32, 33)];
    bench.floats(choosing!, 24).set(onlineNextQ.flat());
    bench.floats(q!, 24).set(nextQ.flat());
    bench.floats(reward!, 8).set(columns(1, 2, 3, 4));
    bench.floats(discount!, 8).set(columns(1, 1, 0.5, 0));
    bench.kernels.doubleTarget(target!, choosing!, q!, reward!, discount!, 3, 8);
    expect([...bench.floats(target!, 4)]).toEqual([11, 23, 9, 4]);
  });

  it("apply the importance weights to the squared errors and their gradients", () => {
    const bench = new Workbench(backend);
    const arrays = Array.from({ length: 7 }, () => bench.allocate(8));
    const [dQ = 0, errors = 0, q = 0, action = 0, target = 0, weights = 0, loss = 0] = arrays;
    bench.floats(q, 4).set([3, 1, 2, 9]);
    bench.floats(target, 4).set([1, 2, 2, 0]);
    bench.floats(weights, 4).set([0.5, 0.25, 1, 1]);
    bench.floats(action, 8).set([0, 0, 0, -1, -1, -1, -1, -1]);
    bench.kernels.mseGradient(dQ, errors, loss, q, action, target, weights, 1, 8, 3);
    expect(bench.floats(loss, 1)[0]).toBeCloseTo((0.5 * 4 + 0.25) / 3, 6);
    expect([...bench.floats(errors, 4)]).toEqual([2, -1, 0, 0]);
    const gradients = [(2 / 3) * 2 * 0.5, (2 / 3) * -0.25, 0, 0];
    gradients.forEach((gradient, k) => {
      expect(bench.floats(dQ, 4)[k]).toBeCloseTo(gradient, 6);
    });
  });

  it("decay Adam's variances, to 0 only if they are tiny and the mean is 0", () => {
    const bench = new Workbench(backend);
    const [weight, gradient, mean, square] = [4, 4, 4, 4].map((count) => bench.allocate(count));
    bench.floats(gradient!, 4).set([0, 0, 1, 1e-12]);
    bench.floats(mean!, 4).fill(0);
    bench.floats(square!, 4).set([1, 1e-30, 1, 1e-30]);
    bench.kernels.adam(weight!, gradient!, mean!, square!, 4, 0.1, 0.5, 0.5, 1e-3, 1);
    const [still, gone, moving, tiny] = bench.floats(square!, 4);
    expect([still, gone, moving]).toEqual([0.5, 0, 1]);
    expect(tiny).toBeGreaterThan(0);
  });
});

describe("wasm and js agree", () => {
  it("on the sign of a zero with the lower bound 0", () => {
    const [outputs, inputs, batch] = [3, 2, 8];
    const [wasm, js] = onBoth((bench) => {
      const [x, weight, bias] = [inputs * batch, outputs * inputs, outputs].map((count) => {
        const ptr = bench.allocate(count);
        bench.floats(ptr, count).fill(-0);
        return ptr;
      });
      bench.floats(x!, inputs * batch).fill(1);
      const [y, one] = [bench.allocate(outputs * batch), bench.allocate(outputs)];
      bench.kernels.denseForward(y, x!, weight!, bias!, outputs, inputs, batch, 0);
      bench.kernels.denseForwardOne(one, x!, weight!, bias!, outputs, inputs, 0);
      const [mean, variance, center, factor] = Array.from({ length: 4 }, () => bench.allocate(1));
      const [scale, shift] = [bench.allocate(1), bench.allocate(1)];
      bench.floats(scale, 1)[0] = -0;
      bench.floats(shift, 1)[0] = -0;
      bench.floats(mean!, 1)[0] = 0;
      bench.floats(variance!, 1)[0] = 1;
      const out = bench.allocate(batch);
      const ptrs = [out, x!, scale, shift, mean!, variance!] as const;
      bench.kernels.batchNormEvaluate(...ptrs, 1, batch, 1e-5, 0);
      const second = bench.allocate(batch);
      bench.floats(x!, batch).set([1, 2, 3, 4, 5, 6, 7, 8]);
      const again = [second, x!, scale, shift, mean!, variance!] as const;
      bench.kernels.batchNormForward(...again, center!, factor!, 1, batch, batch, 0.1, 1e-5, 0);
    });
    expect(differences(wasm, js)).toEqual([]);
  });

  it("on a layer of 13 inputs without a batch", () => {
    const [wasm, js] = onBoth((bench) => {
      const [one, x, weight, bias] = [3, 13, 39, 3].map((count) => bench.allocate(count));
      bench.kernels.denseForwardOne(one!, x!, weight!, bias!, 3, 13, -Infinity);
    });
    expect(differences(wasm, js)).toEqual([]);
  });

  it.each([0.1, 0.3, 0.7, 1.1, 3.3])("on errors equal to the Huber loss's beta: %d", (beta) => {
    const [wasm, js] = onBoth((bench) => {
      const rooms = [8, 8, 8, 8, 8, 8, 8].map((count) => bench.allocate(count));
      const [dQ = 0, errors = 0, loss = 0, q = 0, action = 0, target = 0, weights = 0] = rooms;
      bench.floats(target, 8).fill(0);
      bench.floats(action, 8).fill(0);
      bench.floats(q, 8).set([beta, -beta, 0, 2 * beta, beta / 2, beta, beta, beta]);
      bench.kernels.huberGradient(dQ, errors, loss, q, action, target, weights, 1, 8, 8, beta);
    });
    expect(differences(wasm, js)).toEqual([]);
  });
});
