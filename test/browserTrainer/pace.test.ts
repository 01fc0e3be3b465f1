import { describe, expect, it } from "vitest";
import { Pace } from "../../src/browserTrainer/pace.ts";
import { createTrainer, Training, UsageError, weightsSha256 } from "../../src/index.ts";

describe("a pace", () => {
  it("is unlimited at first, and again after Infinity", () => {
    const pace = new Pace();
    expect([pace.take(0), pace.take(1)]).toEqual([Infinity, Infinity]);
    pace.stepsPerSecond = 100;
    pace.take(10);
    pace.stepsPerSecond = Infinity;
    expect(pace.take(20)).toBe(Infinity);
    pace.stepsPerSecond = 100;
    expect(pace.take(1_000)).toBeLessThanOrEqual(10);
  });

  it("makes whole steps due, and keeps the rest for the next turn", () => {
    const pace = new Pace();
    pace.stepsPerSecond = 150;
    pace.take(1_000);
    const taken = Array.from({ length: 100 }, (_, k) => pace.take(1_010 + 10 * k));
    for (const steps of taken) expect([1, 2]).toContain(steps);
    expect(taken.reduce((sum, steps) => sum + steps)).toBeCloseTo(150, -1);
  });

  it("takes single steps below 10 steps per second", () => {
    const pace = new Pace();
    pace.stepsPerSecond = 0.5;
    pace.take(100_000);
    expect(pace.take(101_000)).toBe(0);
    expect(pace.take(102_001)).toBe(1);
    expect(pace.take(103_000)).toBe(0);
  });

  it("does not catch up more than a tenth of a second after a delay", () => {
    const pace = new Pace();
    pace.stepsPerSecond = 1_000;
    pace.take(0);
    expect(pace.take(60_000)).toBe(100);
  });
});

const short = { recipe: "tanh-64", seed: 3, totalEpisodes: 30 } as const;

describe("the speed of a trainer", () => {
  it("can change while it trains, without a change of the weights", async () => {
    const trainer = await createTrainer(short);
    await trainer.setSpeed(2_000);
    const start = performance.now();
    const running = trainer.run();
    await new Promise((resume) => setTimeout(resume, 60));
    await trainer.pause();
    const { finished, steps } = await running;
    // The first turn may catch up a tenth of a second.
    expect(steps).toBeLessThanOrEqual((2_000 * (performance.now() - start)) / 1_000 + 201);
    expect(finished).toBe(false);
    const rest = trainer.run();
    await trainer.setSpeed(3_000);
    await trainer.setSpeed(Infinity);
    expect((await rest).finished).toBe(true);
    const whole = new Training(trainer.config);
    while (!whole.advance(10_000));
    expect(await trainer.weightsSha256()).toBe(await weightsSha256(whole.weights()));
  });

  it("does not delay pause and dispose", async () => {
    const trainer = await createTrainer(short);
    await trainer.setSpeed(1e-3);
    const first = trainer.run();
    await trainer.pause();
    expect((await first).steps).toBeLessThanOrEqual(1);
    const second = trainer.run({ episodes: 1 });
    trainer.dispose();
    await expect(second).rejects.toThrow("The trainer was disposed of.");
  });

  it("must be a number greater than 0", async () => {
    const trainer = await createTrainer(short);
    for (const speed of [0, -1, Number.NaN, "fast"]) {
      await expect(trainer.setSpeed(speed as number)).rejects.toThrow(UsageError);
    }
  });
});
