import { describe, expect, it } from "vitest";
import { recipeConfig } from "../../src/config/recipes.ts";
import { Training } from "../../src/dqn/training.ts";
import { scriptedEnvironment } from "./scriptedEnvironment.ts";
import { trace } from "./trace.ts";

// Each expected list is written by hand from the recipe's source, for scripted episodes. Sizes that would make the list
// too long (when learning begins, the log interval) are smaller, as the describe names say.

describe("tanh-64 (learning after 3 steps, target every 4)", () => {
  const config = { ...recipeConfig("tanh-64"), learningStarts: 3, batchSize: 2 };
  const small = { ...config, explorationStart: 3, targetUpdateInterval: 4, logInterval: 2 };

  it("acts, stores, decays epsilon, learns, syncs, logs every 2nd episode from the first", () => {
    expect(trace(small, [{ length: 3, end: "terminated" }], 9)).toEqual([
      ...["act 1", "store 1 0.99"],
      ...["act 1", "store 1 0.99"],
      ...["act 1", "store -1 0", "print 1"],
      ...["act 1", "store 1 0.99", "learn", "sync"],
      ...["act 0.99995", "store 1 0.99", "learn"],
      ...["act 0.9999", "store -1 0", "learn"],
      ...["act 0.99985", "store 1 0.99", "learn"],
      ...["act 0.9998", "store 1 0.99", "learn", "sync"],
      ...["act 0.99975", "store -1 0", "learn", "print 3"],
    ]);
  });

  it("stores the step that reaches the time limit with reward 1 and as terminal", () => {
    const events = trace(small, [{ length: 2, end: "truncated" }], 2);
    expect(events).toEqual(["act 1", "store 1 0.99", "act 1", "store 1 0", "print 1"]);
  });

  it("stops when the running score exceeds the threshold", () => {
    const config = { ...small, solvedThreshold: 0.02 };
    expect(trace(config, [{ length: 5, end: "truncated" }], 100).at(-1)).toBe("solved");
  });
});

describe("batchnorm-huber (batches of 4, target every 2 episodes)", () => {
  const config = { ...recipeConfig("batchnorm-huber"), batchSize: 4, learningStarts: 3 };
  const small = { ...config, targetUpdateInterval: 2, logInterval: 1e6, logFirst: false };
  const epsilon = (step: number) => Math.round((0.05 + 0.85 * Math.exp(-step / 200)) * 1e6) / 1e6;

  it("learns as soon as a batch is stored, saves the longest episode, syncs after every 2nd episode from the first", () => {
    const episodes = [
      { length: 2, end: "terminated" },
      { length: 3, end: "terminated" },
      { length: 1, end: "terminated" },
    ] as const;
    expect(trace(small, episodes, 6)).toEqual([
      ...[`act ${epsilon(0)}`, "store 1 0.999"],
      ...[`act ${epsilon(1)}`, "store 1 0", "save", "sync"],
      ...[`act ${epsilon(2)}`, "store 1 0.999"],
      ...[`act ${epsilon(3)}`, "store 1 0.999", "learn"],
      ...[`act ${epsilon(4)}`, "store 1 0", "learn", "save"],
      ...[`act ${epsilon(5)}`, "store 1 0", "learn", "sync"],
    ]);
  });

  it("stores a truncated step as not terminal", () => {
    expect(trace(small, [{ length: 1, end: "truncated" }], 1)).toContain("store 1 0.999");
  });
});

describe("per-episode (learning from 4 transitions on, target every 2 episodes)", () => {
  const config = { ...recipeConfig("per-episode"), batchSize: 2, learningStarts: 3 };
  const small = { ...config, targetUpdateInterval: 2, logInterval: 3 };

  it("learns once an episode, then syncs, then logs; scales rewards by 0.01, decays epsilon per episode", () => {
    expect(
      trace(
        small,
        [
          { length: 2, end: "terminated" },
          { length: 2, end: "truncated" },
        ],
        8,
      ),
    ).toEqual([
      ...["act 0.08", "store 0.01 1", "act 0.08", "store 0.01 0", "sync", "print 1"],
      ...["act 0.07995", "store 0.01 1", "act 0.07995", "store 0.01 0", "learn"],
      ...["act 0.0799", "store 0.01 1", "act 0.0799", "store 0.01 0", "learn", "sync"],
      ...["act 0.07985", "store 0.01 1", "act 0.07985", "store 0.01 0", "learn", "print 4"],
    ]);
  });

  it("explores with epsilon max(0.01, 0.08 - 0.01 episode/200) and action 0", () => {
    const events = trace(config, [{ length: 1, end: "terminated" }], 1500);
    const acts = events.filter((event) => event.startsWith("act"));
    expect([acts[200], acts[1000], acts[1400], acts[1499]]).toEqual([
      "act 0.07",
      "act 0.03",
      "act 0.01",
      "act 0.01",
    ]);
    const { actions, spec } = scriptedEnvironment([{ length: 9, end: "terminated" }]);
    const exploring = { ...config, explorationInitialEps: 1, explorationFinalEps: 1 };
    new Training(exploring, {}, spec).advance(100);
    expect(actions).toEqual(Array(100).fill(0));
  });
});

describe("frame-stack (at most 3 transitions a step, a log line every 2 episodes)", () => {
  const small = { ...recipeConfig("frame-stack"), batchSize: 3, logInterval: 2 };

  it("updates once per sampled transition, plays a greedy episode after each episode, never syncs", () => {
    const gamma = "0.99999";
    expect(
      trace(
        small,
        [
          { length: 2, end: "terminated" },
          { length: 2, end: "truncated" },
        ],
        6,
      ),
    ).toEqual([
      ...["act 0.9", `store 1 ${gamma}`, "learn"],
      ...["act 0.9", "store 1 0", "learn x2", "greedy"],
      ...["act 0.891", `store 1 ${gamma}`, "learn x3"],
      ...["act 0.891", "store 1 0", "learn x3", "greedy", "print 2"],
      ...["act 0.88209", `store 1 ${gamma}`, "learn x3"],
      ...["act 0.88209", "store 1 0", "learn x3", "greedy"],
    ]);
  });
});

describe("soft-update (batches of 3)", () => {
  const small = { ...recipeConfig("soft-update"), batchSize: 3, learningStarts: 3 };

  it("learns every 4 steps once more than a batch is stored, syncs after each update, logs every episode", () => {
    const acts = Array.from(
      { length: 8 },
      (_, k) => `act ${Math.round(0.9 * 0.996 ** k * 1e6) / 1e6}`,
    );
    expect(
      trace(
        small,
        [
          { length: 3, end: "terminated" },
          { length: 5, end: "truncated" },
        ],
        8,
      ),
    ).toEqual([
      ...[acts[0], "store 1 0.99", acts[1], "store 1 0.99", acts[2], "store 1 0", "print 1"],
      ...[acts[3], "store 1 0.99", "learn", "sync"],
      ...[acts[4], "store 1 0.99", acts[5], "store 1 0.99", acts[6], "store 1 0.99"],
      ...[acts[7], "store 1 0", "learn", "sync", "print 2"],
    ]);
  });

  it("keeps epsilon at 0.01 or above, and is solved when the mean of the last 100 returns reaches the threshold", () => {
    const events = trace({ ...small, solvedThreshold: 3 }, [{ length: 3, end: "terminated" }], 50);
    expect(events.at(-1)).toBe("solved");
    const long = trace(small, [{ length: 10, end: "terminated" }], 1300);
    expect(long.filter((event) => event.startsWith("act")).at(-1)).toBe("act 0.01");
  });
});
