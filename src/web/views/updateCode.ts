/** The loop of the kernel `tdTarget` in src/kernels/js/tdError.ts. */
export const updateCode = `for (let b = 0; b < batch; b++) {
  let best = f32[nextQ + b]!;
  for (let a = 1; a < actions; a++) {
    const q = f32[nextQ + a * batch + b]!;
    if (best < q) best = q;
  }
  f32[target + b] = f32[reward + b]! + fround(f32[discount + b]! * best);
}`;
