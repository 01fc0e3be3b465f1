import { sumLanes } from "./sumLanes.ts";

const fround = Math.fround;

export function gradientClipKernels(f32: Float32Array) {
  return {
    /** Clamps values[k] to +-limit. `count` is a multiple of 4. */
    clampValues(valuesPtr: number, count: number, limit: number): void {
      const start = valuesPtr >>> 2;
      const high = fround(limit);
      for (let k = start; k < start + count; k++) {
        const value = f32[k]!;
        if (value > high) f32[k] = high;
        else if (value < -high) f32[k] = -high;
      }
    },

    /**
     * Multiplies values (count) by min(1, maxNorm / (their Euclidean norm + 1e-6)), as PyTorch's clip_grad_norm_ does.
     * `count` is a multiple of 4. Sums in four lanes.
     */
    clipNorm(valuesPtr: number, count: number, maxNorm: number): void {
      const start = valuesPtr >>> 2;
      const end = start + count;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = start; k < end; k += 4) {
        s0 = fround(s0 + fround(f32[k]! * f32[k]!));
        s1 = fround(s1 + fround(f32[k + 1]! * f32[k + 1]!));
        s2 = fround(s2 + fround(f32[k + 2]! * f32[k + 2]!));
        s3 = fround(s3 + fround(f32[k + 3]! * f32[k + 3]!));
      }
      const norm = fround(Math.sqrt(sumLanes(s0, s1, s2, s3)));
      const scale = fround(fround(maxNorm) / fround(norm + fround(1e-6)));
      if (!(scale < 1)) return;
      for (let k = start; k < end; k++) f32[k] = f32[k]! * scale;
    },
  };
}
