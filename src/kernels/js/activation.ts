const fround = Math.fround;

const P0 = fround(88296.74);
const P1 = fround(11405.158);
const P2 = fround(259.72824);
const Q0 = fround(88296.76);
const Q1 = fround(40837.297);
const Q2 = fround(2099.414);
const Q3 = fround(20.95508);
const Q4 = fround(0.021422675);

export function activationKernels(f32: Float32Array) {
  return {
    /** values[k] = tanh(values[k]) for k < count, rounded up to a multiple of 4. Relative error below 5e-7, result within +-1. */
    tanhForward(valuesPtr: number, count: number): void {
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

    /** d[k] *= 1 - y[k]^2: multiplies by the derivative of tanh at its output y. `count` is a multiple of 4. */
    tanhBackward(dPtr: number, yPtr: number, count: number): void {
      const d = dPtr >>> 2;
      const y = yPtr >>> 2;
      for (let k = 0; k < count; k++) {
        const value = f32[y + k]!;
        f32[d + k] = f32[d + k]! * fround(1 - fround(value * value));
      }
    },

    /** d[k] = 0 if y[k] <= 0: multiplies by the derivative of ReLU at its output y. `count` is a multiple of 4. */
    reluBackward(dPtr: number, yPtr: number, count: number): void {
      const d = dPtr >>> 2;
      const y = yPtr >>> 2;
      for (let k = 0; k < count; k++) {
        if (!(f32[y + k]! > 0)) f32[d + k] = 0;
      }
    },
  };
}
