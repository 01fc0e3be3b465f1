import { describe, expect, it } from "vitest";
import {
  createTrainer,
  encodeCheckpoint,
  encodePolicy,
  openPolicy,
  recipeConfig,
  type TrainerOptions,
  Training,
  UsageError,
} from "../../src/index.ts";

const short = { recipe: "solve", seed: 1, totalSteps: 1_000 } as const;

async function finished(options: TrainerOptions) {
  const trainer = await createTrainer({ ...short, ...options });
  await trainer.run();
  const moments = await trainer.timeline();
  return { trainer, moments, steps: moments.map(({ steps }) => steps) };
}

describe("the timeline of a trainer", () => {
  it("has the policy of every moment", async () => {
    const { moments, steps, trainer } = await finished({ timelineInterval: 250 });
    expect(steps).toEqual([0, 250, 500, 750, 1_000]);
    expect(moments[0]).toEqual({ steps: 0, episodes: 0, updates: 0, meanReturn: null });
    const training = new Training(trainer.config);
    for (const moment of moments) {
      training.advance(moment.steps - training.steps);
      expect(moment.episodes).toBe(training.episodes);
      expect(moment.updates).toBe(training.agent.updates);
      expect(moment.meanReturn).toBe(training.meanReturn100());
      expect(await trainer.policyAt(moment.steps)).toEqual(encodePolicy(training));
    }
    expect(await trainer.policyAt(1_000)).toEqual(await trainer.policy());
    expect(openPolicy(await trainer.policyAt(500)).weights).not.toEqual(trainer.snapshot.weights);
  });

  it("drops every other moment and doubles its interval when it is full", async () => {
    const { steps } = await finished({ timelineInterval: 2 });
    // 201 moments at step 400, then every 4th step; 201 again at step 800, then every 8th step.
    const expected = Array.from({ length: 1 + 1_000 / 8 }, (_, k) => 8 * k);
    expect(steps).toEqual(expected);
  });

  it("keeps at most 64 MiB, and the first moment", async () => {
    const wide = { hiddenSizes: [2048, 2048], learningStarts: 1_000, batchSize: 8, totalSteps: 40 };
    const first = await createTrainer({ ...short, ...wide, bufferSize: 100 });
    await first.run();
    const checkpoint = await first.checkpoint();
    first.dispose();
    const options = { totalSteps: 80, timelineInterval: 3 };
    const trainer = await createTrainer({ checkpoint, ...options });
    await trainer.run();
    const steps = (await trainer.timeline()).map((moment) => moment.steps);
    expect(steps[0]).toBe(40);
    expect(steps.length).toBeLessThanOrEqual(3);
    expect(steps.at(-1)).toBeGreaterThan(40);
  });

  it("is empty by default, and rejects steps that are no moment", async () => {
    const { steps, trainer } = await finished({});
    expect(steps).toEqual([]);
    const message = "steps must be those of a moment of the timeline, got 0.";
    await expect(trainer.policyAt(0)).rejects.toThrow(new UsageError(message));
  });

  it("has one moment of a step in the middle of which the run was resumed", async () => {
    const training = new Training({
      ...recipeConfig("solve"),
      totalSteps: 1_000,
      gradientSteps: 3,
    });
    training.advance(500);
    // Acts and makes the first of three updates. The recipe trains after every second step.
    while (training.state.updatesDue === 0) training.learn({ milliseconds: 0 });
    const checkpoint = encodeCheckpoint(training);
    const trainer = await createTrainer({ checkpoint, timelineInterval: 1 });
    const { steps } = trainer.snapshot;
    await trainer.run({ episodes: 1 });
    const stored = (await trainer.timeline()).map((moment) => moment.steps);
    expect(stored.slice(0, 3)).toEqual([steps, steps + 1, steps + 2]);
    training.advance(0);
    expect(await trainer.policyAt(steps)).toEqual(encodePolicy(training));
  });

  it("does not depend on pauses", async () => {
    const { steps } = await finished({ timelineInterval: 30 });
    const trainer = await createTrainer({ ...short, timelineInterval: 30 });
    while (!(await trainer.run({ episodes: 1 })).finished);
    expect((await trainer.timeline()).map((moment) => moment.steps)).toEqual(steps);
  });
});
