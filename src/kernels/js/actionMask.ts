/** Finite, so that its product with a discount of 0 is 0. */
const LOWEST = -3.4028234663852886e38;

export function actionMaskKernels(f32: Float32Array) {
  return {
    /** Sets the Q-values of illegal actions to the lowest float32. q and legal (count); legal: 1, or 0 for illegal. */
    maskIllegal(qPtr: number, legalPtr: number, count: number): void {
      const q = qPtr >>> 2;
      const legal = legalPtr >>> 2;
      for (let k = 0; k < count; k++) if (!(f32[legal + k]! > 0)) f32[q + k] = LOWEST;
    },
  };
}
