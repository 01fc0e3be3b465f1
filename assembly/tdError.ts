// Temporal-difference targets and losses. Contracts: src/kernels/js/tdError.ts.
import { assertAligned, assertMultiple, multiplyAdd, sumLanes } from "./simd";

export function tdTarget(
  targetPtr: usize,
  nextQPtr: usize,
  rewardPtr: usize,
  discountPtr: usize,
  actions: i32,
  batch: i32,
): void {
  assertAligned(targetPtr | nextQPtr | rewardPtr | discountPtr);
  assertMultiple(batch, 8);
  const rowBytes = (<usize>batch) << 2;
  for (let column: usize = 0; column < rowBytes; column += 16) {
    let q = nextQPtr + column;
    let best = v128.load(q);
    for (let a = 1; a < actions; ++a) {
      q += rowBytes;
      best = f32x4.pmax(best, v128.load(q));
    }
    const discount = v128.load(discountPtr + column);
    v128.store(targetPtr + column, multiplyAdd(discount, best, v128.load(rewardPtr + column)));
  }
}

export function doubleTarget(
  targetPtr: usize,
  onlineNextQPtr: usize,
  nextQPtr: usize,
  rewardPtr: usize,
  discountPtr: usize,
  actions: i32,
  batch: i32,
): void {
  assertAligned(targetPtr | onlineNextQPtr | nextQPtr | rewardPtr | discountPtr);
  assertMultiple(batch, 8);
  const rowBytes = (<usize>batch) << 2;
  for (let column: usize = 0; column < rowBytes; column += 16) {
    let choosing = onlineNextQPtr + column;
    let q = nextQPtr + column;
    let best = v128.load(choosing);
    let value = v128.load(q);
    for (let a = 1; a < actions; ++a) {
      choosing += rowBytes;
      q += rowBytes;
      const candidate = v128.load(choosing);
      const better = f32x4.lt(best, candidate);
      best = v128.bitselect(candidate, best, better);
      value = v128.bitselect(v128.load(q), value, better);
    }
    const discount = v128.load(discountPtr + column);
    v128.store(targetPtr + column, multiplyAdd(discount, value, v128.load(rewardPtr + column)));
  }
}

/** q[action[b]][b] - target[b] for four columns; 0 if the action is -1. */
function tdError(q: usize, action: v128, target: v128, actions: i32, rowBytes: usize): v128 {
  let error = f32x4.splat(0);
  for (let a = 0; a < actions; ++a) {
    const difference = f32x4.sub(v128.load(q), target);
    error = v128.bitselect(difference, error, f32x4.eq(action, f32x4.splat(<f32>a)));
    q += rowBytes;
  }
  return error;
}

/** Stores `gradient` in the row of each column's action and 0 in the other rows. */
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

export function mseGradient(
  dQPtr: usize,
  errorPtr: usize,
  lossPtr: usize,
  qPtr: usize,
  actionPtr: usize,
  targetPtr: usize,
  weightPtr: usize,
  actions: i32,
  batch: i32,
  samples: i32,
): void {
  assertAligned(dQPtr | errorPtr | lossPtr | qPtr | actionPtr | targetPtr | weightPtr);
  assertMultiple(batch, 8);
  const rowBytes = (<usize>batch) << 2;
  const scale = f32x4.splat(2 / <f32>samples);
  let loss = f32x4.splat(0);
  for (let column: usize = 0; column < rowBytes; column += 16) {
    const action = v128.load(actionPtr + column);
    const error = tdError(qPtr + column, action, v128.load(targetPtr + column), actions, rowBytes);
    const weight = v128.load(weightPtr + column);
    const gradient = f32x4.mul(f32x4.mul(scale, error), weight);
    v128.store(errorPtr + column, error);
    scatterGradient(dQPtr + column, action, gradient, actions, rowBytes);
    loss = multiplyAdd(f32x4.mul(error, error), weight, loss);
  }
  store<f32>(lossPtr, sumLanes(loss) / <f32>samples);
}

export function huberGradient(
  dQPtr: usize,
  errorPtr: usize,
  lossPtr: usize,
  qPtr: usize,
  actionPtr: usize,
  targetPtr: usize,
  weightPtr: usize,
  actions: i32,
  batch: i32,
  samples: i32,
  beta: f32,
): void {
  assertAligned(dQPtr | errorPtr | lossPtr | qPtr | actionPtr | targetPtr | weightPtr);
  assertMultiple(batch, 8);
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
    const weight = v128.load(weightPtr + column);
    const gradient = f32x4.mul(f32x4.mul(scale, slope), weight);
    v128.store(errorPtr + column, error);
    scatterGradient(dQPtr + column, action, gradient, actions, rowBytes);
    const square = f32x4.div(f32x4.mul(f32x4.mul(half, error), error), limit);
    const value = v128.bitselect(square, f32x4.sub(size, halfLimit), inside);
    loss = multiplyAdd(value, weight, loss);
  }
  store<f32>(lossPtr, sumLanes(loss) / <f32>samples);
}
