import type { Kernels } from "../kernels.ts";

const fround = Math.fround;

type LearningKernels = Pick<
  Kernels,
  "tdTarget" | "mseGradient" | "huberGradient" | "adam" | "softUpdate" | "gatherRows"
>;

/** Batch gathering, TD targets, losses, Adam and soft updates in plain JavaScript; both views span the whole memory. */
export function learningKernels(f32: Float32Array, u32: Uint32Array): LearningKernels {
  /** Partial sums of the loss, one for each lane (b mod 4). */
  const lanes = new Float32Array(4);

  function meanLoss(samples: number): number {
    return fround(fround(fround(lanes[0]! + lanes[1]!) + fround(lanes[2]! + lanes[3]!)) / samples);
  }

  return {
    tdTarget(targetPtr, nextQPtr, rewardPtr, discountPtr, actions, batch) {
      const target = targetPtr >>> 2;
      const nextQ = nextQPtr >>> 2;
      const reward = rewardPtr >>> 2;
      const discount = discountPtr >>> 2;
      for (let b = 0; b < batch; b++) {
        let best = f32[nextQ + b]!;
        for (let a = 1; a < actions; a++) {
          const q = f32[nextQ + a * batch + b]!;
          if (best < q) best = q;
        }
        f32[target + b] = f32[reward + b]! + fround(f32[discount + b]! * best);
      }
    },

    mseGradient(dQPtr, qPtr, actionPtr, targetPtr, actions, batch, samples) {
      const dQ = dQPtr >>> 2;
      const q = qPtr >>> 2;
      const action = actionPtr >>> 2;
      const target = targetPtr >>> 2;
      const scale = fround(2 / samples);
      f32.fill(0, dQ, dQ + actions * batch);
      lanes.fill(0);
      for (let b = 0; b < batch; b++) {
        const chosen = f32[action + b]!;
        if (chosen < 0) continue;
        const at = chosen * batch + b;
        const error = fround(f32[q + at]! - f32[target + b]!);
        f32[dQ + at] = scale * error;
        lanes[b & 3] = lanes[b & 3]! + fround(error * error);
      }
      return meanLoss(samples);
    },

    huberGradient(dQPtr, qPtr, actionPtr, targetPtr, actions, batch, samples, beta) {
      const dQ = dQPtr >>> 2;
      const q = qPtr >>> 2;
      const action = actionPtr >>> 2;
      const target = targetPtr >>> 2;
      const scale = fround(1 / samples);
      const limit = fround(beta);
      const halfLimit = fround(0.5 * limit);
      f32.fill(0, dQ, dQ + actions * batch);
      lanes.fill(0);
      for (let b = 0; b < batch; b++) {
        const chosen = f32[action + b]!;
        if (chosen < 0) continue;
        const at = chosen * batch + b;
        const error = fround(f32[q + at]! - f32[target + b]!);
        const size = Math.abs(error);
        const inside = size < limit;
        const slope = inside ? fround(error / limit) : fround(error / size);
        f32[dQ + at] = scale * slope;
        const loss = inside
          ? fround(fround(fround(0.5 * error) * error) / limit)
          : fround(size - halfLimit);
        lanes[b & 3] = lanes[b & 3]! + loss;
      }
      return meanLoss(samples);
    },

    adam(
      weightPtr,
      gradientPtr,
      meanPtr,
      variancePtr,
      count,
      stepSize,
      beta1,
      beta2,
      epsilon,
      varianceScale,
    ) {
      const weight = weightPtr >>> 2;
      const gradient = gradientPtr >>> 2;
      const mean = meanPtr >>> 2;
      const variance = variancePtr >>> 2;
      const step = fround(stepSize);
      const b1 = fround(beta1);
      const b2 = fround(beta2);
      const c1 = fround(1 - b1);
      const c2 = fround(1 - b2);
      const eps = fround(epsilon);
      const scale = fround(varianceScale);
      for (let k = 0; k < count; k++) {
        const g = f32[gradient + k]!;
        const m = fround(fround(b1 * f32[mean + k]!) + fround(c1 * g));
        const v = fround(fround(b2 * f32[variance + k]!) + fround(fround(c2 * g) * g));
        f32[mean + k] = m;
        f32[variance + k] = v;
        const denominator = fround(fround(fround(Math.sqrt(v)) * scale) + eps);
        f32[weight + k] = f32[weight + k]! - fround(fround(step * m) / denominator);
      }
    },

    softUpdate(targetPtr, onlinePtr, count, tau) {
      const target = targetPtr >>> 2;
      const online = onlinePtr >>> 2;
      const mix = fround(tau);
      const keep = fround(1 - mix);
      for (let k = 0; k < count; k++) {
        f32[target + k] = fround(mix * f32[online + k]!) + fround(keep * f32[target + k]!);
      }
    },

    gatherRows(batchPtr, tablePtr, rowsPtr, width, rowStride, count) {
      const batch = batchPtr >>> 2;
      const table = tablePtr >>> 2;
      const rows = rowsPtr >>> 2;
      for (let k = 0; k < count; k++) {
        const row = table + u32[rows + k]! * rowStride;
        for (let c = 0; c < width; c++) f32[batch + c * count + k] = f32[row + c]!;
      }
    },
  };
}
