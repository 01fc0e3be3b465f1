/**
 * Measures the multiply-add peak of the machine: 104 unfused vector multiply-adds per round, which are 832 floating-point
 * operations. The 13 independent chains hide the latency; nothing is read from memory. The returned number depends on every
 * chain, so that the optimizer removes none.
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
  let i = f32x4.splat(9);
  let j = f32x4.splat(10);
  let k = f32x4.splat(11);
  let l = f32x4.splat(12);
  let m = f32x4.splat(13);
  for (let turn = 0; turn < 8 * rounds; ++turn) {
    a = f32x4.add(f32x4.mul(a, factor), term);
    b = f32x4.add(f32x4.mul(b, factor), term);
    c = f32x4.add(f32x4.mul(c, factor), term);
    d = f32x4.add(f32x4.mul(d, factor), term);
    e = f32x4.add(f32x4.mul(e, factor), term);
    f = f32x4.add(f32x4.mul(f, factor), term);
    g = f32x4.add(f32x4.mul(g, factor), term);
    h = f32x4.add(f32x4.mul(h, factor), term);
    i = f32x4.add(f32x4.mul(i, factor), term);
    j = f32x4.add(f32x4.mul(j, factor), term);
    k = f32x4.add(f32x4.mul(k, factor), term);
    l = f32x4.add(f32x4.mul(l, factor), term);
    m = f32x4.add(f32x4.mul(m, factor), term);
  }
  const first = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  const second = f32x4.add(f32x4.add(e, f), f32x4.add(g, h));
  const third = f32x4.add(f32x4.add(i, j), f32x4.add(k, l));
  const fourth = f32x4.add(third, m);
  return f32x4.extract_lane(f32x4.add(f32x4.add(first, second), fourth), 0);
}
