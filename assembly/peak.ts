// The multiply-add peak: the inner loop of a dense layer, without what a layer also has to do. No kernel can be faster, because
// every kernel adds stores, addresses or sums to the same instructions. The loop has this form for four reasons:
//
// - Each product is independent, and only the addition depends on the previous turn. If the product is in the chain too, the
//   latency limits the loop: it then measures latency, not throughput.
// - Eight sums hide the latency of the addition. With four factors, two values and one product they take all 15 registers.
// - The factors are loaded. V8 (Node 24) rebuilds literal and splat vectors in every turn.
// - The values are loaded in every turn, and each is used four times. V8 would move a product of constants out of the loop.

/** 4 KiB, which stay in the L1 cache. */
const VALUES_BYTES: usize = 4096;
const valuesPtr = memory.data(<i32>VALUES_BYTES, 16);

/** Operations of one round: 128 turns of 8 vector products and 8 vector sums. The host divides this by the time. */
export const operationsPerRound: i32 = 128 * 8 * 2 * 4;

/** Writes numbers between -1 and 1. */
export function fillValues(): void {
  for (let p: usize = 0; p < VALUES_BYTES; p += 8) {
    store<f32>(valuesPtr + p, 0.5 + <f32>p / 8192);
    store<f32>(valuesPtr + p, -0.5 - <f32>p / 8192, 4);
  }
}

/** Returns a number that depends on every sum, so that the optimizer removes none. */
export function multiplyAddPeak(rounds: i32): f32 {
  const f0 = v128.load(valuesPtr);
  const f1 = v128.load(valuesPtr, 16);
  const f2 = v128.load(valuesPtr, 32);
  const f3 = v128.load(valuesPtr, 48);
  let a = f0;
  let b = f1;
  let c = f2;
  let d = f3;
  let e = f0;
  let f = f1;
  let g = f2;
  let h = f3;
  for (let round = 0; round < rounds; ++round) {
    for (let p = valuesPtr; p < valuesPtr + VALUES_BYTES; p += 32) {
      const x = v128.load(p);
      const y = v128.load(p, 16);
      a = f32x4.add(a, f32x4.mul(x, f0));
      b = f32x4.add(b, f32x4.mul(y, f0));
      c = f32x4.add(c, f32x4.mul(x, f1));
      d = f32x4.add(d, f32x4.mul(y, f1));
      e = f32x4.add(e, f32x4.mul(x, f2));
      f = f32x4.add(f, f32x4.mul(y, f2));
      g = f32x4.add(g, f32x4.mul(x, f3));
      h = f32x4.add(h, f32x4.mul(y, f3));
    }
  }
  const first = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  const second = f32x4.add(f32x4.add(e, f), f32x4.add(g, h));
  return f32x4.extract_lane(f32x4.add(first, second), 0);
}
