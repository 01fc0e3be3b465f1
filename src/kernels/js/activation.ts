import type { Kernels } from "../kernels.ts";

const fround = Math.fround;

const P1 = fround(0.133810214);
const P2 = fround(3.49558308e-3);
const P3 = fround(2.06090005e-5);
const P4 = fround(1.3354552e-8);
const Q1 = fround(0.46714337);
const Q2 = fround(2.5876963e-2);
const Q3 = fround(3.28562661e-4);
const Q4 = fround(7.77651259e-7);

type ActivationKernels = Pick<Kernels, "tanhForward" | "tanhBackward" | "reluBackward">;

/** The activations in plain JavaScript. `f32` views the whole memory. */
export function activationKernels(f32: Float32Array): ActivationKernels {
  return {
    tanhForward(valuesPtr, count) {
      const start = valuesPtr >>> 2;
      const end = start + ((count + 3) & ~3);
      for (let k = start; k < end; k++) {
        let x = f32[k]!;
        x = x > 8 ? 8 : x;
        x = x < -8 ? -8 : x;
        const u = fround(x * x);
        let p = fround(fround(P4 * u) + P3);
        let q = fround(fround(Q4 * u) + Q3);
        p = fround(fround(p * u) + P2);
        q = fround(fround(q * u) + Q2);
        p = fround(fround(p * u) + P1);
        q = fround(fround(q * u) + Q1);
        p = fround(fround(p * u) + 1);
        q = fround(fround(q * u) + 1);
        f32[k] = fround(x * p) / q;
      }
    },

    tanhBackward(dPtr, yPtr, count) {
      const d = dPtr >>> 2;
      const y = yPtr >>> 2;
      for (let k = 0; k < count; k++) {
        const value = f32[y + k]!;
        f32[d + k] = f32[d + k]! * fround(1 - fround(value * value));
      }
    },

    reluBackward(dPtr, yPtr, count) {
      const d = dPtr >>> 2;
      const y = yPtr >>> 2;
      for (let k = 0; k < count; k++) {
        if (!(f32[y + k]! > 0)) f32[d + k] = 0;
      }
    },
  };
}
