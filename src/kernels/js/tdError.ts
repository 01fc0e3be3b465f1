import { sumLanes } from "./sumLanes.ts";

const fround = Math.fround;

export function tdErrorKernels(f32: Float32Array) {
  /** Partial sums of the loss: lane b mod 4. */
  const lanes = new Float32Array(4);

  function meanLoss(samples: number): number {
    return fround(sumLanes(lanes[0]!, lanes[1]!, lanes[2]!, lanes[3]!) / samples);
  }

  return {
    /** target[b] = reward[b] + discount[b] * max_a nextQ[a][b] (Mnih et al. 2015). nextQ (actions, batch), the others (batch). */
    tdTarget(
      targetPtr: number,
      nextQPtr: number,
      rewardPtr: number,
      discountPtr: number,
      actions: number,
      batch: number,
    ): void {
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

    /**
     * Double DQN (van Hasselt et al. 2016): target[b] = reward[b] + discount[b] * nextQ[a*][b], where a* is the first action with
     * the highest onlineNextQ[a][b]. onlineNextQ is the output of the Q-network, nextQ that of the target network.
     * Both (actions, batch), the others (batch).
     */
    doubleTarget(
      targetPtr: number,
      onlineNextQPtr: number,
      nextQPtr: number,
      rewardPtr: number,
      discountPtr: number,
      actions: number,
      batch: number,
    ): void {
      const target = targetPtr >>> 2;
      const choosing = onlineNextQPtr >>> 2;
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

    /**
     * Mean squared error: loss[0] = mean over `samples` columns of weight * error^2, where error[b] = q[action[b]][b] - target[b].
     * Also writes error and dQ, the gradient with respect to q. loss (1), dQ and q (actions, batch), the others (batch).
     * action: indices as float32. -1 marks a padding column: its error and gradient are 0. weight: importance weights, or 1.
     * Sums in four lanes.
     */
    mseGradient(
      dQPtr: number,
      errorPtr: number,
      lossPtr: number,
      qPtr: number,
      actionPtr: number,
      targetPtr: number,
      weightPtr: number,
      actions: number,
      batch: number,
      samples: number,
    ): void {
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
      f32[lossPtr >>> 2] = meanLoss(samples);
    },

    /**
     * `mseGradient` for the Huber loss in the form of PyTorch's SmoothL1Loss:
     * error^2 / (2 beta) if |error| < beta, else |error| - beta / 2. beta > 0.
     */
    huberGradient(
      dQPtr: number,
      errorPtr: number,
      lossPtr: number,
      qPtr: number,
      actionPtr: number,
      targetPtr: number,
      weightPtr: number,
      actions: number,
      batch: number,
      samples: number,
      beta: number,
    ): void {
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
      f32[lossPtr >>> 2] = meanLoss(samples);
    },
  };
}
