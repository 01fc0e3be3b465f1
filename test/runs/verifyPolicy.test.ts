import { describe, expect, it } from "vitest";
import { createAgent } from "../../src/agent/createAgent.ts";
import { createTrainer } from "../../src/browserTrainer/trainer.ts";
import { chosenConfig } from "../../src/config/chosenConfig.ts";
import type { ConfigChanges } from "../../src/config/config.ts";
import type { TrainingObserver } from "../../src/dqn/observer.ts";
import { train } from "../../src/dqn/train.ts";
import { Training } from "../../src/dqn/training.ts";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { encodePolicy, weightsSha256 } from "../../src/formats/policy.ts";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import { findGame } from "../../src/games/builtInGames.ts";
import { verifyPolicy } from "../../src/runs/verifyPolicy.ts";

const small: ConfigChanges = { solvedBy: "none", evalEpisodes: 5, learningStarts: 50 };

function start(changes: ConfigChanges, observer?: TrainingObserver, own?: EnvironmentSpec) {
  return new Training(chosenConfig("solve", { ...small, ...changes }, own), observer, own);
}

function trained(changes: ConfigChanges, own?: EnvironmentSpec): Training {
  const training = start(changes, {}, own);
  while (!training.advance(10_000));
  return training;
}

/** Verifies a policy on both backends. Returns whether the weights agree on both. */
async function verified(bytes: Uint8Array, environment?: EnvironmentSpec): Promise<boolean> {
  const results = [];
  for (const backend of ["wasm", "js"] as const) {
    const { matches, stored, trained } = await verifyPolicy(bytes, "policy", {
      backend,
      environment,
    });
    expect(stored === trained || !matches).toBe(true);
    results.push(matches);
  }
  expect(results[0]).toBe(results[1]);
  return results[0]!;
}

/** The same policy file with other metadata and, at one place, another weight. */
function altered(bytes: Uint8Array, changes: Record<string, string>, weightChange = 0) {
  const { metadata, tensors } = decodeTensors(bytes, "policy");
  const { wasm_dqn_crc32: _, ...rest } = metadata;
  tensors[0]!.values[3]! += weightChange;
  return encodeSafetensors({ metadata: { ...rest, ...changes }, tensors });
}

const refusal = (bytes: Uint8Array, environment?: EnvironmentSpec) =>
  verifyPolicy(bytes, "policy", { backend: "wasm", environment }).then(
    () => "none",
    (error: Error) => error.message,
  );

const random = customEnvironment("Walk", () => {
  let place = 0;
  return {
    ...{ observationSize: 1, actionCount: 2, maxEpisodeSteps: 30 },
    reset() {
      place = 0;
      return [place];
    },
    step(action: number) {
      place += action === 1 ? 1 : -1;
      const terminated = Math.abs(place) > 4;
      return { observation: [place], reward: place > 4 ? 1 : 0, terminated, truncated: false };
    },
  };
});

describe("verifyPolicy", () => {
  it.each<[string, ConfigChanges]>([
    ["a finished run", { totalSteps: 700 }],
    ["an untrained policy", { totalSteps: 1 }],
    ["a run of episodes", { totalSteps: null, totalEpisodes: 20 }],
    ["prioritised 3-step replay", { totalSteps: 700, prioritized: true, nSteps: 3 }],
    ["normalised observations", { totalSteps: 700, normalizeObservations: true, numEnvs: 3 }],
    ["batch normalisation", { totalSteps: 700, batchNorm: true, gradientSteps: 3 }],
    ["stacked, noisy frames", { totalSteps: 300, frameStack: 2, observationNoise: 0.1 }],
    ["greedy episodes after each episode", { totalSteps: 300, greedyEpisodes: 1 }],
  ])("trains %s again to the same bits", async (_, changes) => {
    expect(await verified(encodePolicy(trained(changes)))).toBe(true);
  });

  it("reports the SHA-256 of the weights and whether the run was solved", async () => {
    const solved = await train({ seed: 3 });
    const result = await verifyPolicy(encodePolicy(solved), "policy", { backend: "wasm" });
    expect(result.stored).toBe(await weightsSha256(solved.weights()));
    expect(result.trained).toBe(result.stored);
    expect(result.training.solved).toBe(true);
    expect(result.training.steps).toBe(solved.steps);
  });

  it("verifies a policy of self-play", async () => {
    const game = findGame("ConnectFour");
    const policy = encodePolicy(trained({ totalSteps: 600, opponentInterval: 100 }, game));
    expect(await verified(policy, game)).toBe(true);
    expect(await refusal(policy)).toContain('trained in "ConnectFour", which is not built in');
  });

  it("verifies policies that observers save, also with normalised observations", async () => {
    const policies: Uint8Array[] = [];
    const save = () => void policies.push(encodePolicy(training));
    const changes = { totalSteps: 900, evalEvery: 300, normalizeObservations: true };
    const training = start(changes, { episode: save, evaluation: save, longestEpisode: save });
    training.advance(1_000);
    expect(policies.length).toBeGreaterThan(10);
    for (const policy of policies.slice(-6)) expect(await verified(policy)).toBe(true);
  });

  it("verifies a policy that was saved between the updates of a step", async () => {
    const training = start({ totalSteps: 900, gradientSteps: 4, trainFrequency: 4 });
    training.learn({
      milliseconds: Infinity,
      stop: () => training.state.updatesDue === 2 && training.steps > 300,
    });
    expect(training.state.midStep).toBe(true);
    expect(await verified(encodePolicy(training))).toBe(true);
  });

  it("verifies the policies of a trainer's timeline", async () => {
    const trainer = await createTrainer({ ...small, totalSteps: 900, timelineInterval: 100 });
    await trainer.run();
    const steps = (await trainer.timeline()).map((moment) => moment.steps);
    expect(steps.length).toBeGreaterThan(5);
    for (const step of steps) expect(await verified(await trainer.policyAt(step))).toBe(true);
  });

  it("verifies a run that was resumed with a larger budget and on the other backend", async () => {
    const first = trained({ totalSteps: 400 });
    const checkpoint = readCheckpoint(encodeCheckpoint(first));
    const resumed = resumeTraining(checkpoint, { totalSteps: 900, backend: "js" });
    while (!resumed.advance(10_000));
    expect(await verified(encodePolicy(resumed))).toBe(true);
  });

  it("finds a single changed weight, another seed and another number of steps", async () => {
    const training = trained({ totalSteps: 300 });
    const bytes = encodePolicy(training);
    expect(await verified(altered(bytes, {}))).toBe(true);
    expect(await verified(altered(bytes, {}, 1e-6))).toBe(false);
    const config = JSON.stringify({ ...training.config, seed: 2 });
    expect(await verified(altered(bytes, { config }))).toBe(false);
    for (const [steps, updates] of [
      [298, 124],
      [300, 124],
      [300, 126],
      [5_000, 125],
    ]) {
      const moment = { steps: String(steps), updates: String(updates) };
      expect(await verified(altered(bytes, moment))).toBe(false);
    }
  });

  it("completes a configuration that is older than a hyperparameter", async () => {
    const training = trained({ totalSteps: 300 });
    const { numEnvs: _, ...older } = training.config;
    const bytes = altered(encodePolicy(training), { config: JSON.stringify(older) });
    expect(await verified(bytes)).toBe(true);
  });

  it("refuses files that training again cannot reproduce", async () => {
    const training = trained({ totalSteps: 100 });
    const bytes = encodePolicy(training);
    const { metadata, tensors } = decodeTensors(bytes, "policy");
    const { config: _, wasm_dqn_crc32: _sum, ...without } = metadata;
    expect(await refusal(encodeSafetensors({ metadata: without, tensors }))).toBe(
      "policy cannot be verified: it does not contain its configuration.",
    );
    const config = JSON.stringify({ ...training.config, backend: "wasm-fma" });
    expect(await refusal(altered(bytes, { config }))).toBe(
      "policy cannot be verified: the bits of wasm-fma depend on the machine.",
    );
    const changing = start({ totalSteps: 100 });
    changing.advance(50);
    changing.change({ gamma: 0.9 });
    expect(await refusal(encodePolicy(changing))).toBe(
      "policy cannot be verified: gamma changed while it was trained.",
    );
    const agent = createAgent({ observationSize: 2, actionCount: 2 });
    agent.act([0, 1]);
    expect(await refusal(encodePolicy(agent))).toBe(
      "policy cannot be verified: its weights also depend on the calls of act.",
    );
  });

  it("refuses a policy that was trained in an asynchronous game", async () => {
    const environment = () => ({
      ...{ observationSize: 1, actionCount: 2, reset: async () => [0] },
      step: async () => ({ observation: [0], reward: 1, terminated: true, truncated: false }),
    });
    const training = await train({ environment, totalSteps: 10 });
    expect(await refusal(encodePolicy(training))).toBe(
      "policy cannot be verified: its weights also depend on an asynchronous game.",
    );
  });

  it("refuses runs that began a new episode when they were resumed, also after another checkpoint", async () => {
    const half = start({ totalSteps: 300 }, {}, random);
    half.advance(150);
    const resumed = resumeTraining(readCheckpoint(encodeCheckpoint(half)), {}, {}, random);
    resumed.advance(50);
    const again = resumeTraining(readCheckpoint(encodeCheckpoint(resumed)), {}, {}, random);
    while (!again.advance(1_000));
    expect(await refusal(encodePolicy(again), random)).toBe(
      "policy cannot be verified: its weights also depend on the step at which it was resumed.",
    );
    expect(await verified(encodePolicy(trained({ totalSteps: 300 }, random)), random)).toBe(true);
  });

  it.each([
    ["{", /configuration must be an object|configuration in .* must be an object/i],
    ["[]", /configuration must be an object/i],
    ['{"gamma":7}', /In policy: gamma must be at most 1, got 7/],
    ['{"gamme":1}', /gamme is not a configuration key/],
    ['{"hiddenSizes":[9]}', /policy must hold the float32 tensors/],
  ])("refuses the damaged configuration %s", async (config, message) => {
    const bytes = encodePolicy(trained({ totalSteps: 60 }));
    expect(await refusal(altered(bytes, { config }))).toMatch(message);
  });

  it.each([
    ["steps", "-1"],
    ["steps", "1e400"],
    ["updates", "x"],
  ])("refuses %s of %s", async (key, value) => {
    const bytes = encodePolicy(trained({ totalSteps: 60 }));
    expect(await refusal(altered(bytes, { [key]: value }))).toMatch(
      new RegExp(`^${key} in policy must be`),
    );
  });

  it("refuses another environment", async () => {
    const bytes = encodePolicy(trained({ totalSteps: 60 }));
    expect(await refusal(bytes, random)).toMatch(
      /^policy needs the environment CartPole-v1 \(4 inputs/,
    );
  });
});
