import type { Kernels } from "../kernels.ts";

const fround = Math.fround;

type DuelingKernels = Pick<Kernels, "duelingForward" | "duelingForwardOne" | "duelingBackward">;

/** The dueling head in plain JavaScript. `f32` views the whole memory. */
export function duelingKernels(f32: Float32Array): DuelingKernels {
  /** One column: `stride` floats from one row to the next. */
  function column(q: number, head: number, actions: number, stride: number): void {
    let sum = 0;
    for (let a = 1; a <= actions; a++) sum = fround(sum + f32[head + a * stride]!);
    const mean = fround(sum / actions);
    for (let a = 0; a < actions; a++) {
      f32[q + a * stride] = fround(f32[head]! + f32[head + (a + 1) * stride]!) - mean;
    }
  }

  return {
    duelingForward(qPtr, headPtr, actions, batch) {
      for (let b = 0; b < batch; b++) column((qPtr >>> 2) + b, (headPtr >>> 2) + b, actions, batch);
    },

    duelingForwardOne(qPtr, headPtr, actions) {
      column(qPtr >>> 2, headPtr >>> 2, actions, 1);
    },

    duelingBackward(dHeadPtr, dQPtr, actions, batch) {
      const dHead = dHeadPtr >>> 2;
      const dQ = dQPtr >>> 2;
      for (let b = 0; b < batch; b++) {
        let sum = 0;
        for (let a = 0; a < actions; a++) sum = fround(sum + f32[dQ + a * batch + b]!);
        const mean = fround(sum / actions);
        f32[dHead + b] = sum;
        for (let a = 0; a < actions; a++) {
          f32[dHead + (a + 1) * batch + b] = f32[dQ + a * batch + b]! - mean;
        }
      }
    },
  };
}
