import { RunError } from "../errors.ts";
import type { Region } from "../network/arena.ts";
import { tensorsOf } from "../network/namedTensor.ts";
import type { Training } from "./training.ts";

/** No weight of a network that learns is so large, and no value so many times the largest reward. */
const EXPLODED = 1e6;

/**
 * What has gone wrong with a run's numbers, as a sentence: a weight that is no number or beyond a million; a moment of the optimizer
 * or a running statistic that is no number; a reward, loss or priority that is none; Q-values beyond a million times the largest
 * reward in the replay buffer (or 1, where that is more). null where all is well. It looks at every weight: call it now and then.
 */
export function findDivergence(training: Training): string | null {
  const { core, plan } = training;
  let largest = 0;
  let where = "";
  /** The first number of a region that is not finite, as words. */
  const look = (region: Region, owner = "") => {
    let broken = "";
    for (const { name, values } of tensorsOf(core.buffer, plan.parameters, region)) {
      // Running statistics are as large as the observations are, and have no moments.
      const learned = !name.includes("running");
      if (owner !== "" && !learned) continue;
      for (let k = 0; k < values.length; k++) {
        const size = Math.abs(values[k]!);
        if (!(size < Infinity)) broken ||= `${owner}${name} holds ${values[k]}`;
        else if (learned && owner === "" && size > largest) {
          largest = size;
          where = name;
        }
      }
    }
    return broken;
  };
  const what =
    look(plan.state.online) ||
    lossTrouble(training) ||
    look(plan.state.firstMoment, "the optimizer's first moment of ") ||
    look(plan.state.secondMoment, "the optimizer's second moment of ") ||
    (largest > EXPLODED && "its weights explode") ||
    null;
  if (what === null) return null;
  const most =
    where === ""
      ? "no weight is a finite number but 0"
      : `the largest weight is ${largest.toPrecision(3)}, in ${where}`;
  return `Training diverged by step ${training.steps}: ${what}, ${most}.`;
}

/** What is wrong with the rewards, the priorities, or the last update's loss or Q-values; empty where nothing is. */
function lossTrouble(training: Training): string {
  const { loss, replay } = training.agent;
  if (replay.overflowed) return "a reward, times rewardScale, is beyond float32's 3.4e+38";
  const priority = replay.greatestPriority[0]!;
  if (!Number.isFinite(priority)) return `a priority is ${priority}`;
  if (!Number.isFinite(loss)) return `the loss is ${loss}`;
  const q = largestQ(training);
  // Rewards are looked at where the values alone are beyond all reason: there may be many of them.
  if (q <= EXPLODED || q <= EXPLODED * training.agent.replay.largestReward()) return "";
  return `its Q-values explode, to ${q.toPrecision(3)}`;
}

/** The greatest size of a value in the last batch; 0 before the first, NaN if one is no number. */
function largestQ({ core, plan }: Training): number {
  const values = new Float32Array(core.buffer, plan.scratch.q.offset, plan.scratch.q.length);
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

/** @throws RunError if the run's numbers have gone wrong */
export function refuseDivergence(training: Training): void {
  const trouble = findDivergence(training);
  if (trouble !== null) throw new RunError(trouble);
}
