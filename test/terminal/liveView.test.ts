import { expect, it } from "vitest";
import { chosenConfig } from "../../src/config/chosenConfig.ts";
import { Training } from "../../src/dqn/training.ts";
import { LiveView } from "../../src/terminal/liveView.ts";
import Coin from "../games/coin.ts";

const config = chosenConfig("solve", { totalSteps: 30, observationNoise: 0.01 });

it("shows what your environment renders, through wrappers, only with render", () => {
  const training = new Training(config, {}, Coin);
  training.advance(5);
  const lines = new LiveView(training, true).lines(80);
  expect(lines).toHaveLength(4);
  expect(lines.join("\n")).toBe(training.environment.render!());
  expect(lines.join("")).toMatch(/^[.@o ]+$/);
  expect(new LiveView(training, false).lines(80)).toEqual([]);
});

it("shows the scene of a built-in environment", () => {
  const training = new Training({ ...config, frameStack: 2 });
  training.advance(5);
  expect(new LiveView(training, true).lines(80).join("")).toMatch(/[\u2801-\u28ff]/);
});
