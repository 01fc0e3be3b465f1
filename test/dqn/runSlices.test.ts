import { describe, expect, it } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import type { TrainingObserver } from "../../src/dqn/observer.ts";
import { runSlices } from "../../src/dqn/runSlices.ts";
import { Training } from "../../src/dqn/training.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { scriptedEnvironment } from "./scriptedEnvironment.ts";

const base: Config = {
  ...defaults,
  ...{ totalSteps: 260, hiddenSizes: [5], batchSize: 4, bufferSize: 60, learningStarts: 20 },
  ...{ evalEvery: 50, evalEpisodes: 3, greedyEpisodes: 2, gradientSteps: 3, maxEpisodeSteps: 40 },
};

const variants: [string, Partial<Config>][] = [
  ["updates after steps", { trainFrequency: 2, targetUpdateInterval: 7 }],
  [
    "updates after episodes, soft target, 3-step, prioritised",
    {
      ...{ trainFrequencyUnit: "episode", targetUpdateUnit: "update", targetUpdateInterval: 2 },
      ...{ tau: 0.1, nSteps: 3, prioritized: true },
    },
  ],
  ["solved by evaluations", { solvedBy: "evaluation", solvedThreshold: 13, evalEpisodes: 70 }],
  [
    "updates the target after episodes",
    { totalSteps: null, totalEpisodes: 12, targetUpdateUnit: "episode" },
  ],
];

/** Records all events of a run. */
function listener() {
  const events: unknown[] = [];
  const observer: TrainingObserver = {
    episode: (record) => events.push(record),
    evaluation: (...told) => events.push(told),
    longestEpisode: (length) => events.push(length),
  };
  return { events, observer };
}

/** Runs one slice, which stops at the first point where it may. */
const piece = (training: Training) => training.learn({ milliseconds: Infinity, stop: () => true });

describe.each(variants)("%s", (_name, changes) => {
  const config: Config = { ...base, ...changes };
  const { events, observer } = listener();
  const whole = new Training(config, observer);
  whole.advance(1_000);
  const end = encodeCheckpoint(whole);

  it("resumes to the same bits after stops between updates and within evaluations", () => {
    const resumed = listener();
    let training = new Training(config, resumed.observer);
    let updating = 0;
    let evaluating = 0;
    while (!piece(training)) {
      const { midStep, updatesDue } = training.state;
      if (updatesDue > 0) updating++;
      else if (midStep) evaluating++;
      // A resumed evaluation starts over, so a checkpoint after each of its episodes would never let it finish.
      if (midStep && updatesDue === 0 && evaluating % 5 > 0) continue;
      const checkpoint = readCheckpoint(encodeCheckpoint(training), "file");
      training = resumeTraining(checkpoint, {}, resumed.observer);
    }
    expect(updating).toBeGreaterThan(10);
    expect(evaluating).toBeGreaterThan(5);
    expect(encodeCheckpoint(training)).toEqual(end);
    expect(resumed.events).toEqual(events);
  });

  it("completes an interrupted step with advance(0)", () => {
    const training = new Training(config);
    while (training.state.updatesDue === 0) piece(training);
    const { steps } = training;
    training.advance(0);
    expect(training.state).toMatchObject({ steps, midStep: false, updatesDue: 0 });
  });
});

it("an evaluation gives the same result when finalEvaluation interrupts it", () => {
  const config: Config = { ...base, greedyEpisodes: 0 };
  const [plain, disturbed] = [listener(), listener()];
  new Training(config, plain.observer).advance(1_000);
  const training = new Training(config, disturbed.observer);
  let once = false;
  while (!piece(training)) {
    if (once || !training.state.midStep || training.state.updatesDue > 0) continue;
    once = true;
    piece(training);
    training.finalEvaluation(1);
  }
  expect(once).toBe(true);
  expect(disturbed.events).toEqual(plain.events);
});

it("counts an ended episode when resuming without the environment's state", () => {
  const { spec } = scriptedEnvironment([{ length: 30, end: "terminated" }]);
  const config: Config = { ...base, greedyEpisodes: 0, evalEvery: null };
  const training = new Training(config, {}, spec);
  while (!training.state.ended || training.state.updatesDue === 0) piece(training);
  expect(training.state).toMatchObject({ steps: 30, episodes: 0 });
  const resumed = resumeTraining(readCheckpoint(encodeCheckpoint(training), "file"), {}, {}, spec);
  resumed.advance(0);
  expect(resumed.state).toMatchObject({ steps: 30, episodes: 1, lastLengths: [30] });
});

it("rejects a checkpoint with more updates due than a step has", () => {
  const training = new Training(base);
  while (training.state.updatesDue === 0) piece(training);
  training.state.updatesDue = 4;
  const resume = () => resumeTraining(readCheckpoint(encodeCheckpoint(training), "file"));
  expect(resume).toThrow("file contradicts itself: 4 updates are due.");
});

describe("the best evaluation", () => {
  /** The `best` flag of each evaluation of a run. */
  function bests(lengths: readonly number[], changes: Partial<Config>): boolean[] {
    const { spec } = scriptedEnvironment(lengths.map((length) => ({ length, end: "terminated" })));
    const config: Config = { ...base, greedyEpisodes: 0, totalSteps: 150, ...changes };
    const found: boolean[] = [];
    new Training(
      config,
      { evaluation: (_evaluation, _steps, best) => void found.push(best) },
      { ...spec, maxReturn: 40 },
    ).advance(1_000);
    return found;
  }

  it("has a greater mean than all before", () => {
    expect(bests([20, 10, 30], { evalEpisodes: 1 })).toEqual([true, false, true]);
  });

  it("is never an evaluation that was stopped early", () => {
    const given = { evalEpisodes: 4, solvedBy: "evaluation", solvedThreshold: 39 } as const;
    expect(bests([5], given)).toEqual([false, false, false]);
  });
});

describe("runSlices", () => {
  const small: Config = { ...base, evalEvery: null, greedyEpisodes: 0, learningStarts: 1_000_000 };

  /** A run with a weight that is NaN. It makes no updates. */
  function diverged(totalSteps: number): Training {
    const training = new Training({ ...small, totalSteps });
    training.weights()[0]!.values[0] = Number.NaN;
    return training;
  }

  it("trains to the end and reports the duration of each slice", async () => {
    const training = new Training({ ...small, totalSteps: 50 });
    const durations: number[] = [];
    const start = performance.now();
    const onSlice = (duration: number) => durations.push(duration);
    await runSlices(training, { milliseconds: 0, onSlice });
    const elapsed = performance.now() - start;
    expect([training.finished, durations.length]).toEqual([true, 50]);
    expect(Math.min(...durations)).toBeGreaterThanOrEqual(0);
    expect(durations.reduce((sum, duration) => sum + duration)).toBeLessThanOrEqual(elapsed);
  });

  it.each([
    [5, 5],
    [500, 100],
  ])("in a run of %i steps, reports a divergence after step %i", async (totalSteps, step) => {
    const running = runSlices(diverged(totalSteps), { milliseconds: 0 });
    await expect(running).rejects.toThrow(`diverged by step ${step}:`);
  });

  it("does not check for divergence with mayDiverge", async () => {
    const training = diverged(150);
    await runSlices(training, { milliseconds: 0, mayDiverge: true });
    expect(training.finished).toBe(true);
  });
});
