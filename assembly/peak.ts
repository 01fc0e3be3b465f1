/**
 * The machine's multiply-add peak for benchmarks: `rounds` times 64 vector multiply-adds in 8 independent chains, no memory
 * traffic, 512 floating-point operations a round. Returns a number that depends on all of them.
 */
export function multiplyAddPeak(rounds: i32): f32 {
  const factor = f32x4.splat(0.999);
  const term = f32x4.splat(0.001);
  let a = f32x4.splat(1);
  let b = f32x4.splat(2);
  let c = f32x4.splat(3);
  let d = f32x4.splat(4);
  let e = f32x4.splat(5);
  let f = f32x4.splat(6);
  let g = f32x4.splat(7);
  let h = f32x4.splat(8);
  for (let round = 0; round < rounds; ++round) {
    for (let k = 0; k < 8; ++k) {
      a = f32x4.add(f32x4.mul(a, factor), term);
      b = f32x4.add(f32x4.mul(b, factor), term);
      c = f32x4.add(f32x4.mul(c, factor), term);
      d = f32x4.add(f32x4.mul(d, factor), term);
      e = f32x4.add(f32x4.mul(e, factor), term);
      f = f32x4.add(f32x4.mul(f, factor), term);
      g = f32x4.add(f32x4.mul(g, factor), term);
      h = f32x4.add(f32x4.mul(h, factor), term);
    }
  }
  const left = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  const right = f32x4.add(f32x4.add(e, f), f32x4.add(g, h));
  return f32x4.extract_lane(f32x4.add(left, right), 0);
}
