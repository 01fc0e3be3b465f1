import type { Kernels } from "../kernels.ts";

const fround = Math.fround;

type LearningKernels = Pick<
  Kernels,
  "tdTarget" | "doubleTarget" | "mseGradient" | "huberGradient" | "gatherRows"
>;

/** Batch gathering, TD targets and losses in plain JavaScript; both views span the whole memory. */
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

    doubleTarget(targetPtr, choosingQPtr, nextQPtr, rewardPtr, discountPtr, actions, batch) {
      const target = targetPtr >>> 2;
      const choosing = choosingQPtr >>> 2;
      const nextQ = nextQPtr >>> 2;
      const reward = rewardPtr >>> 2;
      const discount = discountPtr >>> 2;
      for (let b = 0; b < batch; b++) {
        let best = b;
        for (let a = 1; a < actions; a++) {
          const candidate = a * batch + b;
          if (f32[choosing + best]! < f32[choosing + candidate]!) best = candidate;
        }
        f32[target + b] = f32[reward + b]! + fround(f32[discount + b]! * f32[nextQ + best]!);
      }
    },

    mseGradient(dQPtr, errorPtr, qPtr, actionPtr, targetPtr, weightPtr, actions, batch, samples) {
      const dQ = dQPtr >>> 2;
      const q = qPtr >>> 2;
      const action = actionPtr >>> 2;
      const target = targetPtr >>> 2;
      const errors = errorPtr >>> 2;
      const weights = weightPtr >>> 2;
      const scale = fround(2 / samples);
      f32.fill(0, dQ, dQ + actions * batch);
      lanes.fill(0);
      for (let b = 0; b < batch; b++) {
        const chosen = f32[action + b]!;
        f32[errors + b] = 0;
        if (chosen < 0) continue;
        const weight = f32[weights + b]!;
        const at = chosen * batch + b;
        const error = fround(f32[q + at]! - f32[target + b]!);
        f32[errors + b] = error;
        f32[dQ + at] = fround(scale * error) * weight;
        lanes[b & 3] = lanes[b & 3]! + fround(fround(error * error) * weight);
      }
      return meanLoss(samples);
    },

    huberGradient(
      dQPtr,
      errorPtr,
      qPtr,
      actionPtr,
      targetPtr,
      weightPtr,
      actions,
      batch,
      samples,
      beta,
    ) {
      const dQ = dQPtr >>> 2;
      const q = qPtr >>> 2;
      const action = actionPtr >>> 2;
      const target = targetPtr >>> 2;
      const errors = errorPtr >>> 2;
      const weights = weightPtr >>> 2;
      const scale = fround(1 / samples);
      const limit = fround(beta);
      const halfLimit = fround(0.5 * limit);
      f32.fill(0, dQ, dQ + actions * batch);
      lanes.fill(0);
      for (let b = 0; b < batch; b++) {
        const chosen = f32[action + b]!;
        f32[errors + b] = 0;
        if (chosen < 0) continue;
        const weight = f32[weights + b]!;
        const at = chosen * batch + b;
        const error = fround(f32[q + at]! - f32[target + b]!);
        const size = Math.abs(error);
        const inside = size < limit;
        const slope = inside ? fround(error / limit) : fround(error / size);
        f32[errors + b] = error;
        f32[dQ + at] = fround(scale * slope) * weight;
        const loss = inside
          ? fround(fround(fround(0.5 * error) * error) / limit)
          : fround(size - halfLimit);
        lanes[b & 3] = lanes[b & 3]! + fround(loss * weight);
      }
      return meanLoss(samples);
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
