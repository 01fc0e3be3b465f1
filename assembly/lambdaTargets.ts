import { assertAligned } from "./simd";

/** Contract: src/kernels/js/lambdaTargets.ts. */
export function qLambdaTargets(
  rolloutPtr: usize,
  nextValuePtr: usize,
  steps: i32,
  envs: i32,
  lambda: f32,
): void {
  assertAligned(rolloutPtr | nextValuePtr);
  const roundBytes = (<usize>envs) << 4;
  const lastRound = rolloutPtr + <usize>(steps - 1) * roundBytes;
  for (let e: usize = 0; e < <usize>envs; ++e) {
    let value = load<f32>(nextValuePtr + (e << 2));
    let target = value;
    let row = lastRound + (e << 4);
    for (let t = 0; t < steps; ++t) {
      const mixed = value + lambda * (target - value);
      target = load<f32>(row, 4) + load<f32>(row, 8) * mixed;
      value = load<f32>(row, 12);
      store<f32>(row, target, 12);
      row -= roundBytes;
    }
  }
}
