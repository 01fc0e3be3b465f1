/** The loop of the kernel `tdTarget` in src/kernels/js/tdError.ts. */
export const dqnCode = `for (let b = 0; b < batch; b++) {
  let best = f32[nextQ + b]!;
  for (let a = 1; a < actions; a++) {
    const q = f32[nextQ + a * batch + b]!;
    if (best < q) best = q;
  }
  f32[target + b] = f32[reward + b]! + fround(f32[discount + b]! * best);
}`;

/** The inner loop of the kernel `qLambdaTargets` in src/kernels/js/lambdaTargets.ts. */
export const pqnCode = `let value = f32[nextValue + e]!;
let target = value;
for (let t = steps - 1; t >= 0; t--) {
  const row = rollout + 4 * (t * envs + e);
  const mixed = fround(value + fround(factor * fround(target - value)));
  target = fround(f32[row + 1]! + fround(f32[row + 2]! * mixed));
  value = f32[row + 3]!;
  f32[row + 3] = target;
}`;
