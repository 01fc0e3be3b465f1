import { describe, expect, it } from "vitest";
import {
  type CurvePoint,
  createTrainer,
  type Trainer,
  type TrainerOptions,
} from "../../src/index.ts";

const short = { recipe: "solve", seed: 1, totalSteps: 3_000 } as const;

/** Runs the trainer as `run` says, and returns its points. */
async function pointsOf(
  options: TrainerOptions,
  run = async (trainer: Trainer) => void (await trainer.run()),
): Promise<readonly CurvePoint[]> {
  const trainer = await createTrainer({ ...short, ...options });
  const points: CurvePoint[] = [];
  trainer.on("snapshot", (snapshot) => {
    points.push(...snapshot.points);
    expect(snapshot.loss).toBe(points.at(-1)?.loss ?? Number.NaN);
  });
  await run(trainer);
  trainer.dispose();
  return points;
}

describe("points of the learning curves", () => {
  it("are the same for any snapshots, pauses and speed", async () => {
    const points = await pointsOf({ snapshotInterval: 0 });
    expect(points.map(({ updates }) => updates)).toEqual(points.map((_, k) => 20 * (k + 1)));
    expect(points.length).toBeGreaterThan(50);
    expect(await pointsOf({ snapshotInterval: 1e9 })).toEqual(points);
    const paused = await pointsOf({ snapshotInterval: 1 }, async (trainer) => {
      while (!(await trainer.run({ episodes: 3 })).finished);
    });
    expect(paused).toEqual(points);
    const slow = await pointsOf({}, async (trainer) => {
      await trainer.setSpeed(20_000);
      await trainer.run();
    });
    expect(slow).toEqual(points);
  });

  it("have the mean loss of their updates, and the current epsilon and Q-values", async () => {
    const single = await pointsOf({ pointInterval: 1 });
    const points = await pointsOf({ pointInterval: 25 });
    expect(points.length).toBe(Math.floor(single.length / 25));
    points.forEach((point, k) => {
      const ofPoint = single.slice(25 * k, 25 * (k + 1));
      const { loss, ...last } = point;
      expect(ofPoint.at(-1)).toMatchObject(last);
      expect(loss).toBeCloseTo(ofPoint.reduce((sum, one) => sum + one.loss, 0) / 25, 9);
    });
    expect(single.at(-1)!.epsilon).toBeLessThan(single[0]!.epsilon);
    expect(single.at(-1)!.meanQ).toBeGreaterThan(single[0]!.meanQ);
  });

  it("continue at the same updates in a resumed run", async () => {
    const points = await pointsOf({});
    const first = await createTrainer(short);
    await first.run({ episodes: 30 });
    const checkpoint = await first.checkpoint();
    const seen = first.snapshot.updates;
    const trainer = await createTrainer({ checkpoint });
    const rest: CurvePoint[] = [];
    trainer.on("snapshot", ({ points: latest }) => rest.push(...latest));
    await trainer.run();
    const later = points.filter(({ updates }) => updates > seen);
    expect(rest.map(({ updates }) => updates)).toEqual(later.map(({ updates }) => updates));
    expect(rest.slice(1)).toEqual(later.slice(1));
    expect(rest[0]!.loss).toBeGreaterThan(0);
  });

  it("are about 200 in the recipe solve", async () => {
    const { length } = await pointsOf({ totalSteps: 50_000 });
    expect(length).toBeGreaterThan(100);
    expect(length).toBeLessThan(400);
  });

  it("are absent with an infinite interval", async () => {
    expect(await pointsOf({ pointInterval: Infinity })).toEqual([]);
  });

  it.each(["pointInterval", "timelineInterval"])("%s must be a whole number", async (key) => {
    for (const value of [0, 1.5, -3, Number.NaN, "20"]) {
      const created = createTrainer({ ...short, [key]: value });
      await expect(created).rejects.toThrow(
        `${key} must be a whole number of at least 1, or Infinity, got `,
      );
    }
  });
});
