// Temporal-difference targets and losses, [actions][batch] in vectors over the batch. A column whose action is -1
// is padding: it takes part in nothing, its gradient is zero and so is its loss.
import { sumLanes } from "./simd";

/** target[b] = reward[b] + discount[b] * max_a nextQ[a][b] (Mnih et al. 2015). nextQ (actions, batch), the rest (batch). */
export function tdTarget(
  targetPtr: usize,
  nextQPtr: usize,
  rewardPtr: usize,
  discountPtr: usize,
  actions: i32,
  batch: i32,
): void {
  const rowBytes = (<usize>batch) << 2;
  for (let column: usize = 0; column < rowBytes; column += 16) {
    let q = nextQPtr + column;
    let best = v128.load(q);
    for (let a = 1; a < actions; ++a) {
      q += rowBytes;
      best = f32x4.pmax(best, v128.load(q));
    }
    const next = f32x4.mul(v128.load(discountPtr + column), best);
    v128.store(targetPtr + column, f32x4.add(v128.load(rewardPtr + column), next));
  }
}

/** q[action[b]][b] - target[b] for four columns; 0 where the action is -1. */
function tdError(q: usize, action: v128, target: v128, actions: i32, rowBytes: usize): v128 {
  let error = f32x4.splat(0);
  for (let a = 0; a < actions; ++a) {
    const difference = f32x4.sub(v128.load(q), target);
    error = v128.bitselect(difference, error, f32x4.eq(action, f32x4.splat(<f32>a)));
    q += rowBytes;
  }
  return error;
}

/** Writes `gradient` to the row of each column's action and 0 to the other rows. */
function scatterGradient(
  dQ: usize,
  action: v128,
  gradient: v128,
  actions: i32,
  rowBytes: usize,
): void {
  for (let a = 0; a < actions; ++a) {
    v128.store(dQ, v128.and(gradient, f32x4.eq(action, f32x4.splat(<f32>a))));
    dQ += rowBytes;
  }
}

/**
 * Mean squared TD error over `samples` columns, returned, and its gradient with respect to q.
 * dQ and q (actions, batch), action and target (batch).
 */
export function mseGradient(
  dQPtr: usize,
  qPtr: usize,
  actionPtr: usize,
  targetPtr: usize,
  actions: i32,
  batch: i32,
  samples: i32,
): f32 {
  const rowBytes = (<usize>batch) << 2;
  const scale = f32x4.splat(2 / <f32>samples);
  let loss = f32x4.splat(0);
  for (let column: usize = 0; column < rowBytes; column += 16) {
    const action = v128.load(actionPtr + column);
    const error = tdError(qPtr + column, action, v128.load(targetPtr + column), actions, rowBytes);
    scatterGradient(dQPtr + column, action, f32x4.mul(scale, error), actions, rowBytes);
    loss = f32x4.add(loss, f32x4.mul(error, error));
  }
  return sumLanes(loss) / <f32>samples;
}

/**
 * Huber loss (PyTorch's SmoothL1Loss: e^2 / (2 beta) below beta, |e| - beta / 2 from there), mean over `samples`
 * columns, returned, and its gradient. Shapes as in mseGradient.
 */
export function huberGradient(
  dQPtr: usize,
  qPtr: usize,
  actionPtr: usize,
  targetPtr: usize,
  actions: i32,
  batch: i32,
  samples: i32,
  beta: f32,
): f32 {
  const rowBytes = (<usize>batch) << 2;
  const scale = f32x4.splat(1 / <f32>samples);
  const limit = f32x4.splat(beta);
  const half = f32x4.splat(0.5);
  const halfLimit = f32x4.splat(<f32>0.5 * beta);
  let loss = f32x4.splat(0);
  for (let column: usize = 0; column < rowBytes; column += 16) {
    const action = v128.load(actionPtr + column);
    const error = tdError(qPtr + column, action, v128.load(targetPtr + column), actions, rowBytes);
    const size = f32x4.abs(error);
    const inside = f32x4.lt(size, limit);
    const sign = f32x4.div(error, size);
    const slope = v128.bitselect(f32x4.div(error, limit), sign, inside);
    scatterGradient(dQPtr + column, action, f32x4.mul(scale, slope), actions, rowBytes);
    const square = f32x4.div(f32x4.mul(f32x4.mul(half, error), error), limit);
    loss = f32x4.add(loss, v128.bitselect(square, f32x4.sub(size, halfLimit), inside));
  }
  return sumLanes(loss) / <f32>samples;
}
