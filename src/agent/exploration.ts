/**
 * Linear epsilon schedule: `initial` up to step `start`, then in a straight line to `final` over `steps` steps, then
 * `final`. A pure function of the step, so a resumed run explores as one that never stopped.
 */
export function linearEpsilon(
  step: number,
  initial: number,
  final: number,
  start: number,
  steps: number,
): number {
  const done = step - start;
  if (done <= 0) return initial;
  if (done >= steps) return final;
  return initial + ((final - initial) * done) / steps;
}
