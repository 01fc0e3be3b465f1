import { describe, expect, it } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { evaluate } from "../../src/dqn/evaluate.ts";
import { summarize } from "../../src/dqn/evaluation.ts";
import { train } from "../../src/dqn/train.ts";
import { Training } from "../../src/dqn/training.ts";
import { UsageError } from "../../src/errors.ts";
import { scriptedEnvironment } from "./scriptedEnvironment.ts";

const { spec } = scriptedEnvironment([{ length: 3, end: "terminated" }]);
const training = new Training({ ...defaults, hiddenSizes: [4], bufferSize: 50 }, {}, spec);
const network = training.agent.policy;
const environment = spec.make(training.core, 0);

/** Calls with any values. Messages show arrays and plain objects as JSON. */
type Call = (...values: never[]) => unknown;
const refusal = (call: Call, values: readonly unknown[]) => () => call(...(values as never[]));

describe("rejects invalid arguments", () => {
  it.each<[string, Call, readonly unknown[], string]>([
    ["no observer", () => new Training(defaults, null as never), [], "observer .* got null."],
    ["no values", summarize, [[]], "values must be a list of at least one number, got []."],
    ["no array", summarize, [{ length: 1 }], 'values must be a list of .*, got {"length":1}.'],
    ["no policy", evaluate, [null], "policy must be a Policy's network, got null."],
    ["an empty policy", evaluate, [{}], "policy must be a Policy's network, got {}."],
    ["no Q-values", evaluate, [{ qValues: [] }], "policy must be a Policy's network, got .*"],
    ["no environment", evaluate, [network], "environment must be an Environment, got undefined."],
    ["no step", evaluate, [network, {}], "environment must be an Environment, got {}."],
    ["no options", evaluate, [network, environment], "episodes must be .*, got undefined."],
    ["0 episodes", evaluate, [network, environment, { episodes: 0 }], "episodes .* got 0."],
    ["1.5 episodes", evaluate, [network, environment, { episodes: 1.5 }], "episodes .* got 1.5."],
    ["-1 steps", (steps) => training.advance(steps), [-1], "maxSteps .* got -1."],
    ["NaN steps", (steps) => training.advance(steps), [Number.NaN], "maxSteps .* got NaN."],
    ["a text of steps", (steps) => training.advance(steps), ["5"], 'maxSteps .* got "5".'],
    [
      "no time",
      (time) => training.learn(time),
      [undefined],
      "options must be an object, got undefined.",
    ],
    ["-1 ms", (time) => training.learn(time), [{ milliseconds: -1 }], "milliseconds .* got .*"],
    ["a text of ms", (time) => training.learn(time), [{ milliseconds: "1" }], "milliseconds .*"],
  ])("%s", (_name, call, values, message) => {
    expect(refusal(call, values)).toThrow(UsageError);
    const pattern = message.replace(/[[\]{}]/g, "\\$&");
    expect(refusal(call, values)).toThrow(new RegExp(`^${pattern}$`));
    expect(training.steps).toBe(0);
  });

  it("null instead of train's options", async () => {
    await expect(train(null as never)).rejects.toThrow("options must be an object, got null.");
  });
});
