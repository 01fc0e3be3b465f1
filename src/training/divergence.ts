import type { Training } from "./training.ts";

/** No weight of a network that learns is so large. */
const EXPLODED = 1e6;

/**
 * What has gone wrong with a run's numbers, as a sentence: a weight that is no number or beyond a million, a loss that is no number.
 * null where all is well. It looks at every weight: call it now and then.
 */
export function findDivergence(training: Training): string | null {
  let largest = 0;
  let where = "";
  let broken = "";
  for (const { name, values } of training.weights()) {
    for (let k = 0; k < values.length; k++) {
      const size = Math.abs(values[k]!);
      if (size > largest && size < Infinity) {
        largest = size;
        where = name;
      }
      if (broken === "" && !(size < Infinity)) broken = `${name} holds ${values[k]}`;
    }
  }
  const { loss } = training.agent;
  const fine = broken === "" && Number.isFinite(loss) && largest <= EXPLODED;
  if (fine) return null;
  const what = broken === "" ? `the loss is ${loss}` : broken;
  return `Training diverged by step ${training.steps}: ${what}, the largest weight is ${largest.toPrecision(3)}, in ${where}.`;
}
