import { expect, it } from "vitest";
import { encodePolicy, train } from "../../src/index.ts";
import { Player } from "../../src/web/stage/player.ts";
import { PushMeter, STRONGEST } from "../../src/web/stage/pushMeter.ts";

/** The strength of a push after the key was held for some milliseconds. */
function held(milliseconds: number): number {
  const meter = new PushMeter();
  meter.begin(-1);
  meter.hold(milliseconds);
  return meter.release();
}

it("scales a push by the time that it is held, up to the strongest", () => {
  expect(held(0)).toBeCloseTo(-0.3);
  expect(held(600)).toBeCloseTo(-(0.3 + STRONGEST) / 2);
  expect(held(10_000)).toBe(-STRONGEST);
});

it("releases nothing without a push", () => {
  expect(new PushMeter().release()).toBe(0);
});

it("records what a policy survives: 100 steps upright, or the end of time", () => {
  const meter = new PushMeter();
  const push = (milliseconds: number) => {
    meter.begin(1);
    meter.hold(milliseconds);
    meter.release();
  };
  push(100);
  for (let step = 0; step < 99; step++) meter.step(false);
  expect(meter.limits).toEqual({ survived: null, felled: null });
  meter.step(false);
  expect(meter.limits.survived).toBeCloseTo(0.48, 1);
  push(1200);
  meter.step(true);
  expect(meter.limits.felled).toBe(STRONGEST);
  push(300);
  meter.endEpisode();
  expect(meter.limits.survived).toBeCloseTo(0.85, 1);
});

it("is a contest: a solved policy survives all weak pushes and none of the strongest", async () => {
  const player = new Player(encodePolicy(await train({ seed: 1 })), "policy", undefined);
  const survivals = (strength: number) => {
    let survived = 0;
    for (let trial = 0; trial < 40; trial++) {
      player.restart();
      for (let step = 0; step < 40 + trial && player.ending === null; step++) player.step();
      player.push(trial % 2 === 0 ? strength : -strength);
      for (let step = 0; step < 100 && player.ending === null; step++) player.step();
      if (player.ending === null) survived++;
    }
    return survived;
  };
  expect(survivals(0.3)).toBe(40);
  expect(survivals(1)).toBe(40);
  expect(survivals(1.6)).toBeLessThan(40);
  expect(survivals(STRONGEST)).toBe(0);
});
