import type { Kernels } from "../kernels.ts";

const fround = Math.fround;

const P0 = fround(88296.74);
const P1 = fround(11405.158);
const P2 = fround(259.72824);
const Q0 = fround(88296.76);
const Q1 = fround(40837.297);
const Q2 = fround(2099.414);
const Q3 = fround(20.95508);
const Q4 = fround(0.021422675);

type ActivationKernels = Pick<Kernels, "tanhForward" | "tanhBackward" | "reluBackward">;

/** The activations in plain JavaScript. `f32` views the whole memory. */
export function activationKernels(f32: Float32Array): ActivationKernels {
  return {
    tanhForward(valuesPtr, count) {
      const start = valuesPtr >>> 2;
      const end = start + ((count + 3) & ~3);
      for (let k = start; k < end; k++) {
        let x = f32[k]!;
        x = x > 7.75 ? 7.75 : x;
        x = x < -7.75 ? -7.75 : x;
        const u = fround(x * x);
        let p = fround(u + P2);
        let q = fround(fround(Q4 * u) + Q3);
        p = fround(fround(p * u) + P1);
        q = fround(fround(q * u) + Q2);
        p = fround(fround(p * u) + P0);
        q = fround(fround(q * u) + Q1);
        q = fround(fround(q * u) + Q0);
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
