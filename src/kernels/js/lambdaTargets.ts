const fround = Math.fround;

export function lambdaTargetsKernels(f32: Float32Array) {
  return {
    /**
     * Q(lambda) targets of a rollout (Gallici et al. 2024), from the last step back:
     * target[t] = reward[t] + discount[t] * (value[t + 1] + lambda * (target[t + 1] - value[t + 1])).
     * rollout (steps * envs, 4): action, reward, discount and value of each step; the target replaces the value. nextValue (envs) is both the
     * value and the target after the last step.
     */
    qLambdaTargets(
      rolloutPtr: number,
      nextValuePtr: number,
      steps: number,
      envs: number,
      lambda: number,
    ): void {
      const rollout = rolloutPtr >>> 2;
      const nextValue = nextValuePtr >>> 2;
      const factor = fround(lambda);
      for (let e = 0; e < envs; e++) {
        let value = f32[nextValue + e]!;
        let target = value;
        for (let t = steps - 1; t >= 0; t--) {
          const row = rollout + 4 * (t * envs + e);
          const mixed = fround(value + fround(factor * fround(target - value)));
          target = fround(f32[row + 1]! + fround(f32[row + 2]! * mixed));
          value = f32[row + 3]!;
          f32[row + 3] = target;
        }
      }
    },
  };
}
