import { RunError } from "../errors.ts";
import { type Region, regionView } from "../network/arena.ts";
import { tensorsOf } from "../network/namedTensor.ts";
import type { Training } from "./training.ts";

/** Limit of the absolute weights, and of the ratio of Q-values to the largest reward. Converging runs stay far below. */
const EXPLODED = 1e6;

/**
 * Returns a sentence about a diverged run; null if the run has not diverged. It reads all weights, so do not call it at each step.
 * A run has diverged if one of these holds:
 *
 * - A weight, running statistic, optimizer moment, reward, loss or priority is not finite.
 * - The absolute value of a weight exceeds 1,000,000.
 * - The absolute value of a Q-value exceeds 1,000,000 times max(1, largest absolute reward of the stored steps).
 */
export function findDivergence(training: Training): string | null {
  const { core, plan } = training;
  let largest = 0;
  let where = "";
  /** Describes the first number of a region that is not finite; "" if all are finite. */
  const findNonFinite = (region: Region, owner = "") => {
    let broken = "";
    for (const { name, values } of tensorsOf(core.buffer, plan.parameters, region)) {
      // Moments have only the trainable tensors, which come first.
      if (values.byteOffset >= region.offset + 4 * region.length) continue;
      // The size of running statistics depends on the observations.
      const trainable = !name.includes("running");
      for (let k = 0; k < values.length; k++) {
        const size = Math.abs(values[k]!);
        if (!(size < Infinity)) broken ||= `${owner}${name} holds ${values[k]}`;
        else if (trainable && owner === "" && size > largest) {
          largest = size;
          where = name;
        }
      }
    }
    return broken;
  };
  const problem =
    findNonFinite(plan.state.online) ||
    findLossProblem(training) ||
    findNonFinite(plan.state.firstMoment, "the optimizer's first moment of ") ||
    findNonFinite(plan.state.secondMoment, "the optimizer's second moment of ") ||
    (largest > EXPLODED && "its weights explode") ||
    null;
  if (problem === null) return null;
  const most =
    where === ""
      ? "no weight is finite and nonzero"
      : `the largest weight is ${largest.toPrecision(3)}, in ${where}`;
  return `Training diverged by step ${training.steps}: ${problem}, ${most}.`;
}

/** Describes a problem of the rewards, the priorities or the last update's loss or Q-values; "" without one. */
function findLossProblem(training: Training): string {
  const { loss, replay } = training.agent;
  if (replay.overflowed) return "a reward times rewardScale exceeds 3.4e+38, float32's maximum";
  const priority = replay.greatestPriority[0]!;
  if (!Number.isFinite(priority)) return `a priority is ${priority}`;
  if (!Number.isFinite(loss)) return `the loss is ${loss}`;
  const q = largestQ(training);
  // largestReward reads all stored steps, so the cheap comparison comes first.
  if (q <= EXPLODED || q <= EXPLODED * training.agent.largestReward()) return "";
  return `its Q-values explode, to ${q.toPrecision(3)}`;
}

/** Maximum absolute Q-value of the last batch; 0 before the first batch, NaN if a value is NaN. */
function largestQ({ core, plan }: Training): number {
  const values = regionView(core.buffer, plan.scratch.q);
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

/** @throws RunError if the run has diverged */
export function refuseDivergence(training: Training): void {
  const problem = findDivergence(training);
  if (problem !== null) throw new RunError(problem);
}
