import { describe, expect, it, vi } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import type { Evaluation } from "../../src/dqn/evaluation.ts";
import type { EpisodeRecord } from "../../src/dqn/observer.ts";
import { Training } from "../../src/dqn/training.ts";
import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";
import { streamSeed, streams } from "../../src/numerics/random.ts";
import { type ScriptedEpisode, scriptedEnvironment } from "./scriptedEnvironment.ts";

const base: Config = {
  ...{ ...defaults, hiddenSizes: [4], batchSize: 4, bufferSize: 50, learningStarts: 4 },
  ...{ totalSteps: 1_000, evalEpisodes: 2, explorationSteps: 10 },
};

/** Trains in episodes of these lengths; the last one repeats. Each environment starts with the first. */
function makeTraining(lengths: readonly number[], changes: Partial<Config> = {}, maxReturn = 10) {
  const episodes = lengths.map((length): ScriptedEpisode => ({ length, end: "terminated" }));
  const { spec } = scriptedEnvironment(episodes);
  const records: EpisodeRecord[] = [];
  const longest: number[] = [];
  const evaluations: { evaluation: Evaluation; steps: number; best: boolean }[] = [];
  const seeds: unknown[][] = [];
  const recording: EnvironmentSpec = {
    ...spec,
    maxReturn,
    make(core, ptr) {
      const inner = spec.make(core, ptr);
      const own: unknown[] = [];
      seeds.push(own);
      const reset = (options?: { readonly seed?: number }) => {
        own.push(options?.seed);
        return inner.reset(options);
      };
      return { ...inner, reset };
    },
  };
  const observer = {
    episode: (record: EpisodeRecord) => records.push(record),
    longestEpisode: (length: number) => longest.push(length),
    evaluation: (evaluation: Evaluation, steps: number, best: boolean) =>
      evaluations.push({ evaluation, steps, best }),
  };
  const training = new Training({ ...base, ...changes }, observer, recording);
  return { training, records, longest, evaluations, seeds };
}

describe("evaluating during training", () => {
  it("reports each evaluation and whether its mean is the best so far", () => {
    const { evaluations, training } = makeTraining([3, 5, 2, 2, 9, 9, 9], { evalEvery: 6 });
    expect(training.state.bestEvaluation).toBeNull();
    training.advance(13);
    expect(training.state.bestEvaluation).toBe(4);
    training.advance(16);
    expect(evaluations).toEqual([
      { evaluation: { returns: [3, 5], lengths: [3, 5], capped: 0 }, steps: 6, best: true },
      { evaluation: { returns: [2, 2], lengths: [2, 2], capped: 0 }, steps: 12, best: false },
      { evaluation: { returns: [9, 9], lengths: [9, 9], capped: 0 }, steps: 18, best: true },
      { evaluation: { returns: [9, 9], lengths: [9, 9], capped: 0 }, steps: 24, best: false },
    ]);
    expect(training.state.bestEvaluation).toBe(9);
    expect(training.solved).toBeNull();
  });

  it("starts when learning has started", () => {
    const { evaluations, training } = makeTraining([3], { evalEvery: 1, learningStarts: 7 });
    training.advance(7);
    expect(evaluations).toEqual([]);
    training.advance(1);
    expect(evaluations.map(({ steps }) => steps)).toEqual([8]);
  });

  const decides = { evalEvery: 6, solvedBy: "evaluation", solvedThreshold: 8 } as const;

  it("stops early below solvedThreshold, and such an evaluation is not the best", () => {
    const { evaluations, training } = makeTraining([3, 8, 7, 9, 7, 1], decides);
    training.advance(17);
    expect(evaluations.map(({ best, evaluation }) => [evaluation.returns, best])).toEqual([
      [[3], false],
      [[8, 7], true],
    ]);
    expect(training.state.bestEvaluation).toBe(7.5);
    expect([training.solved, training.finished]).toEqual([false, false]);
    training.advance(1);
    expect(evaluations[2]?.evaluation.returns).toEqual([9, 7]);
    expect([training.solved, training.finished]).toEqual([true, true]);
    expect(training.advance(1)).toBe(true);
    expect(training.steps).toBe(18);
  });

  it("plays all episodes and does not end the run if solvedBy is not evaluation", () => {
    const { evaluations, training } = makeTraining([1, 1, 10, 10], {
      ...decides,
      solvedBy: "none",
    });
    training.advance(12);
    expect(evaluations.map(({ evaluation }) => evaluation.returns)).toEqual([
      [1, 1],
      [10, 10],
    ]);
    expect([training.solved, training.finished]).toEqual([null, false]);
  });

  it("does not solve the run by the mean of an evaluation that stopped early", () => {
    const { training } = makeTraining([3], { ...decides, solvedThreshold: -5 }, -20);
    training.advance(6);
    expect(training.solved).toBe(false);
  });

  it("seeds the evaluation environment from the run's seed and the step", () => {
    const { seeds, training } = makeTraining([2], { evalEvery: 6, seed: 5 });
    training.advance(12);
    const [own, evaluation] = seeds;
    expect(own?.slice(0, 3)).toEqual([streamSeed(5, streams.environment), undefined, undefined]);
    const seedAt = (step: number) => streamSeed(5 + step, streams.evaluation);
    expect(evaluation).toEqual([seedAt(6), undefined, seedAt(12), undefined]);
    evaluation?.splice(0);
    expect(training.finalEvaluation(1).returns).toEqual([2]);
    expect(evaluation).toEqual([streamSeed(5, streams.finalEvaluation)]);
    expect(training.finalEvaluation().returns.length).toBe(100);
  });
});

describe("a run", () => {
  it("reports each episode", () => {
    const { records, training } = makeTraining([2, 4], { failureReward: -3, greedyEpisodes: 3 });
    training.advance(6);
    expect(records).toEqual([
      {
        ...{ episode: 1, steps: 2, length: 2, return: 2, score: 1, runningScore: 0.01 },
        ...{ epsilon: training.config.explorationInitialEps - 0.19, greedyReturn: 10 / 3 },
      },
      {
        ...{ episode: 2, steps: 6, length: 4, return: 4, score: 3, greedyReturn: 4 },
        ...{ runningScore: 0.99 * 0.01 + 0.01 * 3, epsilon: records[1]!.epsilon },
      },
    ]);
    expect(records[1]!.epsilon).toBeCloseTo(1 - 0.95 * 0.6, 12);
  });

  it("reports a greedy return only with greedyEpisodes", () => {
    const { records, training } = makeTraining([2]);
    training.advance(2);
    expect(records[0]?.greedyReturn).toBeNull();
  });

  it("reports each new longest episode of more than saveLongest steps", () => {
    const { longest, training } = makeTraining([3, 2, 4, 4, 5], { saveLongest: 3 });
    training.advance(18);
    expect(longest).toEqual([4, 5]);
    expect(training.state.longestEpisode).toBe(5);
    const { longest: none, training: silent } = makeTraining([3, 2, 4]);
    silent.advance(18);
    expect(none).toEqual([]);
    expect(silent.state.longestEpisode).toBe(4);
  });

  it("decays epsilon by steps or by episodes", () => {
    const decay = { explorationFinalEps: 0, explorationSteps: 10 };
    const bySteps = makeTraining([2], decay).training;
    bySteps.advance(5);
    expect(bySteps.epsilon()).toBe(0.5);
    const byEpisodes = makeTraining([2], { ...decay, explorationUnit: "episode" }).training;
    byEpisodes.advance(5);
    expect(byEpisodes.epsilon()).toBe(0.8);
    expect(byEpisodes.agent.epsilon).toBe(0.8);
  });

  it.each([
    [{ totalSteps: 9 }, 9, 3],
    [{ totalSteps: null, totalEpisodes: 2 }, 6, 2],
    [{ totalSteps: 5, totalEpisodes: 2 }, 5, 1],
    [{ solvedBy: "meanReturn", solvedThreshold: 3 }, 3, 1],
    [{ solvedBy: "runningScore", solvedThreshold: 0.05 }, 6, 2],
  ] as const)("ends with %j after %i steps and %i episodes", (changes, steps, episodes) => {
    const { training } = makeTraining([3], changes);
    expect(training.advance(steps - 1)).toBe(false);
    expect(training.finished).toBe(false);
    expect(training.advance(100)).toBe(true);
    expect([training.steps, training.episodes]).toEqual([steps, episodes]);
    const criterion = "solvedBy" in changes;
    expect(training.solved).toBe(criterion ? true : null);
  });

  it("is not solved by a running score equal to the threshold", () => {
    const changes = { solvedBy: "runningScore", solvedThreshold: 0.03 } as const;
    const { training } = makeTraining([3], changes);
    training.advance(3);
    expect(training.state.runningScore).toBe(0.03);
    expect(training.solved).toBe(false);
  });

  it("computes the mean return of the last 100 episodes", () => {
    const { training } = makeTraining([5, ...Array(99).fill(1), 3, 1]);
    expect(training.meanReturn100()).toBeNull();
    training.advance(5);
    expect(training.meanReturn100()).toBe(5);
    training.advance(99);
    expect(training.meanReturn100()).toBe(1.04);
    training.advance(3);
    expect(training.episodes).toBe(101);
    expect(training.meanReturn100()).toBe(1.02);
    expect(training.state.lastLengths).toEqual([...Array(99).fill(1), 3]);
  });

  it.each([
    [{ totalSteps: 100 }, 0.2],
    [{ totalSteps: null, totalEpisodes: 10 }, 0.4],
    [{ totalSteps: 50, totalEpisodes: 40 }, 0.4],
    [{ totalSteps: 100, totalEpisodes: 8 }, 0.5],
    [{ totalSteps: null, solvedBy: "meanReturn", solvedThreshold: 99 }, 0],
  ] as const)("computes the finished fraction of %j: %d", (changes, share) => {
    const { training } = makeTraining([5], changes);
    training.advance(20);
    expect(training.fraction()).toBe(share);
  });

  it("learns when the replay buffer holds a batch", () => {
    const { training } = makeTraining([50], { learningStarts: 0, batchSize: 6 });
    training.advance(5);
    expect(training.agent.updates).toBe(0);
    training.advance(2);
    expect(training.agent.updates).toBe(2);
    const one = { learningStarts: 0, batchSize: 6, updatePerTransition: true };
    const { training: single } = makeTraining([50], one);
    single.advance(2);
    expect(single.agent.updates).toBe(2);
  });

  it("learns after every second episode with trainFrequencyUnit episode", () => {
    const changes = { trainFrequencyUnit: "episode", trainFrequency: 2, gradientSteps: 3 } as const;
    const { training } = makeTraining([4], { ...changes, learningStarts: 0 });
    const updates = [4, 4, 4].map((steps) => {
      training.advance(steps);
      return training.agent.updates;
    });
    expect(updates).toEqual([3, 3, 6]);
  });

  it("learns for about the given milliseconds, at least one step", () => {
    const { training } = makeTraining([3], { totalSteps: 1e9 });
    expect(training.learn({ milliseconds: 0 })).toBe(false);
    expect(training.steps).toBe(1);
    expect(training.learn({ milliseconds: 20 })).toBe(false);
    expect(training.steps).toBeGreaterThan(2);
    const short = makeTraining([3], { totalSteps: 7 }).training;
    expect(short.learn({ milliseconds: 60_000 })).toBe(true);
    expect(short.steps).toBe(7);
  });

  it("ends in one call of learn with several updates, evaluations and greedy episodes", () => {
    const pieces = { gradientSteps: 2, evalEvery: 6, greedyEpisodes: 2 };
    const { records, training } = makeTraining([3], { ...pieces, totalSteps: 13 });
    expect(training.learn({ milliseconds: 60_000 })).toBe(true);
    expect([training.steps, records.length]).toEqual([13, 4]);
    expect(training.learn({ milliseconds: 0 })).toBe(true);
    expect(training.steps).toBe(13);
  });

  it("ends an episode with its last step if no update is due", () => {
    const { records, training } = makeTraining([3]);
    training.advance(2);
    training.learn({ milliseconds: 0 });
    expect(records.length).toBe(1);
    expect(training.state.midStep).toBe(false);
  });

  it("continues with a new episode if the environment has no getState", () => {
    const { seeds, training } = makeTraining([3], { seed: 8, nSteps: 3 });
    training.advance(4);
    expect(training.environmentStates()).toBeNull();
    expect(training.actors[0]!.nStep.pending).toBe(1);
    training.restore({ ...training.state, longestEpisode: 77 }, null);
    expect(training.state).toMatchObject({ longestEpisode: 77, steps: 4 });
    expect(training.actor.length).toBe(0);
    expect(training.actors[0]!.nStep.pending).toBe(0);
    expect([...training.agent.policy.observation]).toEqual([2, 0]);
    expect(seeds[0]?.at(-1)).toBe(streamSeed(8 + 4, streams.environment));
  });

  it("restores the environment's state only if both the state and setState exist", () => {
    const { training } = makeTraining([3]);
    training.advance(4);
    training.restore({ ...training.state }, [new Uint8Array(3)]);
    expect([...training.agent.policy.observation]).toEqual([2, 0]);
    const cart = new Training(base);
    cart.advance(4);
    const state = cart.environmentStates();
    cart.restore({ ...cart.state }, null);
    expect(cart.actor.length).toBe(0);
    expect(cart.environmentStates()).not.toEqual(state);
    cart.restore({ ...cart.state }, state);
    expect(cart.environmentStates()).toEqual(state);
  });

  it("restored to step 0, starts like a new run", () => {
    const { seeds, training } = makeTraining([3]);
    training.restore({ ...training.state }, null);
    expect(seeds[0]).toEqual([]);
    training.advance(1);
    expect(seeds[0]).toEqual([streamSeed(1, streams.environment)]);
  });
});

describe("the target network", () => {
  it.each([
    [{ targetUpdateUnit: "update", targetUpdateInterval: 2 }, [6, 8, 10, 12]],
    [{ targetUpdateUnit: "step", targetUpdateInterval: 3 }, [6, 9, 12]],
    [{ targetUpdateUnit: "episode", targetUpdateInterval: 2 }, [3, 9]],
    [{ targetUpdateUnit: "episode", targetUpdateInterval: 3 }, [3, 12]],
    [{ targetUpdateUnit: "step", targetUpdateInterval: 3, evalEvery: 3 }, [6, 9, 12]],
    [{ targetUpdateUnit: "none", targetUpdateInterval: 1 }, []],
    [{ targetUpdateUnit: "update", targetUpdateInterval: 3, gradientSteps: 2 }, [6, 7, 9, 10, 12]],
  ] as const)("with %j is updated at steps %j", (changes, expected) => {
    const { training } = makeTraining([3], changes);
    const { agent } = training;
    const updated: number[] = [];
    const updateTarget = agent.updateTarget.bind(agent);
    agent.updateTarget = () => {
      updated.push(training.steps);
      updateTarget();
    };
    training.advance(12);
    expect(updated).toEqual(expected);
  });

  it.each([
    ["step", ["learn", "target"]],
    ["episode", ["target", "learn"]],
  ] as const)("is updated in this order with trainFrequencyUnit %s: %j", (unit, expected) => {
    const changes = { trainFrequencyUnit: unit, targetUpdateUnit: "step" } as const;
    const { training } = makeTraining([3], { ...changes, targetUpdateInterval: 6 });
    training.advance(5);
    const { agent } = training;
    const calls: string[] = [];
    vi.spyOn(agent, "learn").mockImplementation(() => calls.push("learn"));
    vi.spyOn(agent, "updateTarget").mockImplementation(() => calls.push("target"));
    training.advance(1);
    expect(calls).toEqual(expected);
  });
});
