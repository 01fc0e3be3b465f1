/** Selects about 25 frames per second of real time: every how many steps there is one, and how long it is shown. */
export function framePace(secondsPerStep: number): { every: number; milliseconds: number } {
  const every = Math.max(1, Math.round(0.04 / secondsPerStep));
  return { every, milliseconds: Math.round(1000 * every * secondsPerStep) };
}
