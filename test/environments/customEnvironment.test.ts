import { describe, expect, it } from "vitest";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import type { Environment, StepResult } from "../../src/environments/environment.ts";
import { RunError } from "../../src/errors.ts";
import { train } from "../../src/index.ts";

const good: StepResult = { observation: [0, 0], reward: 1, terminated: false, truncated: false };

const run = { totalSteps: 100, solvedBy: "none", learningStarts: 50 } as const;

/** An environment with episodes of 6 steps. `change` replaces part of its result in step 4 of episode 2. */
function broken(change: object): () => Environment {
  return () => {
    let episode = 0;
    let step = 0;
    return {
      observationSize: 2,
      actionCount: 2,
      reset: () => {
        episode++;
        step = 0;
        return [0, 0];
      },
      step: () => {
        step++;
        const wrong = episode === 2 && step === 4;
        return { ...good, terminated: step === 6, ...(wrong ? change : {}) };
      },
    };
  };
}

async function messageOf(factory: () => Environment, changes = {}): Promise<string> {
  const attempt = async () =>
    train({ ...run, ...changes, environment: customEnvironment("maze.ts", factory) });
  const failure = await attempt().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RunError);
  return (failure as RunError).message;
}

describe("reports the environment, episode, step, expected and actual value for", () => {
  const where = "The environment maze.ts, episode 2, step 4: expected";
  it.each([
    [
      "an observation with NaN",
      { observation: [0, Number.NaN] },
      `${where} observation[1] to be a finite number, got NaN.`,
    ],
    [
      "an observation of the wrong length",
      { observation: [0, 0, 0] },
      `${where} an observation of 2 numbers, got 3.`,
    ],
    [
      "no observation",
      { observation: undefined },
      `${where} an observation of 2 numbers, got undefined.`,
    ],
    ["an infinite reward", { reward: Infinity }, `${where} a finite reward, got Infinity.`],
    [
      "a flag that is not a boolean",
      { terminated: "no" },
      `${where} terminated to be true or false, got "no".`,
    ],
  ])("%s", async (_, change, message) => {
    expect(await messageOf(broken(change))).toBe(message);
  });

  it("an error thrown in step", async () => {
    const factory = () => ({
      ...broken({})(),
      step: (): StepResult => {
        throw new Error("out of coal");
      },
    });
    expect(await messageOf(factory)).toMatch(
      /^The environment maze\.ts threw in step \(episode 1, step 1\): customEnvironment\.test\.ts:\d+: out of coal\.$/,
    );
  });

  it("a missing result", async () => {
    const factory = () => ({ ...broken({})(), step: () => undefined as unknown as StepResult });
    expect(await messageOf(factory)).toMatch(
      /episode 1, step 1: expected a result with observation/,
    );
  });

  it("an episode that never ends", async () => {
    const factory = () => ({ ...broken({})(), step: () => good });
    expect(await messageOf(factory, { totalSteps: 200_000, learningStarts: 1e6 })).toBe(
      "The environment maze.ts, episode 1, step 100000: expected the episode to end, or maxEpisodeSteps to be set, got 100000.",
    );
  });

  it("continuous actions and missing sizes", async () => {
    const box = { low: -1, high: 1 } as unknown as number;
    expect(await messageOf(() => ({ ...broken({})(), actionCount: box }))).toBe(
      'The environment maze.ts must have a whole number of at least 1 as its actionCount (actions must be discrete), got {"low":-1,"high":1}.',
    );
    const sizeless = () => ({ ...broken({})(), observationSize: 0 });
    expect(await messageOf(sizeless)).toMatch(/observationSize, got 0/);
  });

  it("an error thrown by the factory", async () => {
    const factory = (): Environment => {
      throw new Error("no map");
    };
    expect(await messageOf(factory)).toMatch(
      /^The environment maze\.ts could not be created: customEnvironment\.test\.ts:\d+: no map\.$/,
    );
  });
});

describe("a custom environment", () => {
  it("may be a class, and accepts a time limit", async () => {
    class Endless implements Environment {
      readonly observationSize = 2;
      readonly actionCount = 2;
      reset = () => [0, 0];
      step = () => good;
    }
    const environment = customEnvironment("Endless", Endless);
    const training = await train({ ...run, maxEpisodeSteps: 20, environment });
    expect(training.episodes).toBe(5);
  });
});
