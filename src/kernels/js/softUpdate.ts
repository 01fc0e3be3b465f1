const fround = Math.fround;

export function softUpdateKernels(f32: Float32Array) {
  return {
    /** target[k] = tau * online[k] + (1 - tau) * target[k] (Lillicrap et al. 2016). `count` is a multiple of 4. */
    softUpdate(targetPtr: number, onlinePtr: number, count: number, tau: number): void {
      const target = targetPtr >>> 2;
      const online = onlinePtr >>> 2;
      const mix = fround(tau);
      const keep = fround(1 - mix);
      for (let k = 0; k < count; k++) {
        f32[target + k] = fround(mix * f32[online + k]!) + fround(keep * f32[target + k]!);
      }
    },
  };
}
