import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder, wasmDqn } from "./run.ts";

const short = ["--total-steps", "300", "--learning-starts", "100"];

function trainJson(folder: string, ...flags: string[]) {
  const result = wasmDqn(folder, "train", "--json", ...short, ...flags);
  expect(result.stderr).not.toContain("wasm-dqn:");
  expect(result.code).toBe(0);
  expect(result.stdout.endsWith("}\n")).toBe(true);
  expect(result.stdout.trim().split("\n").length).toBe(1);
  return JSON.parse(result.stdout) as Record<string, unknown> & { runDirectory: string };
}

function runFile(folder: string, run: { runDirectory: string }, name: string): string {
  return readFileSync(join(folder, run.runDirectory, name), "utf8");
}

describe("train --json", () => {
  it("prints one line of JSON with every figure of the run", () => {
    const run = trainJson(temporaryFolder(), "--seed", "7");
    expect(run).toEqual({
      env: "CartPole-v1",
      recipe: "solve",
      seed: 7,
      backend: "wasm",
      solved: false,
      steps: 300,
      episodes: expect.any(Number),
      updates: 100,
      seconds: expect.any(Number),
      stepsPerSecond: expect.any(Number),
      meanReturn100: expect.any(Number),
      evaluation: { episodes: 100, meanReturn: expect.any(Number), capped: 0 },
      weightsSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      runDirectory: expect.stringMatching(/^runs\/CartPole-v1__solve__7__\d{8}-\d{6}-\d{3}$/),
    });
  });

  it("prints null without a criterion and without a finished episode", () => {
    const run = trainJson(temporaryFolder(), "--solved-by", "none", "--total-steps", "3");
    expect(run).toMatchObject({ solved: null, meanReturn100: null, steps: 3, episodes: 0 });
  });

  it("gives the same weights on both backends, and others with another seed", () => {
    const folder = temporaryFolder();
    const wasm = trainJson(folder);
    const js = trainJson(folder, "--backend", "js");
    const other = trainJson(folder, "--seed", "2");
    expect(js.backend).toBe("js");
    expect(js.weightsSha256).toBe(wasm.weightsSha256);
    expect(other.weightsSha256).not.toBe(wasm.weightsSha256);
  });
});

describe("train", () => {
  it("prints plain lines and a summary without a terminal", () => {
    const { code, stdout, stderr } = wasmDqn(temporaryFolder(), "train", ...short);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^episode +1 \| steps .* \| epsilon \d\.\d\d\n/);
    expect(stdout).toContain(
      "Stopped, not solved: CartPole-v1, recipe solve, seed 1, wasm kernels",
    );
    expect(stdout).toMatch(/mean return of 100 greedy episodes: \d/);
    expect(stdout).not.toContain("\u001b");
  });

  it("writes only its configuration, logs, policies and a checkpoint", () => {
    const folder = temporaryFolder();
    const run = trainJson(folder, "--out", "elsewhere/deep");
    expect(run.runDirectory).toContain("elsewhere/deep/CartPole-v1__solve__1__");
    const names = readdirSync(join(folder, run.runDirectory)).sort();
    expect(names).toEqual([
      "checkpoint.safetensors",
      "config.json",
      "episodes.csv",
      "metrics.jsonl",
      "policy.safetensors",
      "run.json",
    ]);
    const [header, ...rows] = runFile(folder, run, "episodes.csv").trim().split("\n");
    expect(header).toBe("episode,steps,length,return,runningScore,epsilon,greedyReturn,seconds");
    expect(rows.length).toBe(run.episodes);
    let steps = 0;
    rows.forEach((row, k) => {
      const [episode, total, length, episodeReturn] = row.split(",").map(Number);
      steps += length!;
      expect([episode, total, episodeReturn]).toEqual([k + 1, steps, length]);
    });
  });

  it("accepts every kind of flag and writes the resolved configuration", () => {
    const folder = temporaryFolder();
    const flags = ["--hidden-sizes", "8,6", "--activation", "relu", "--failure-reward", "-1"];
    const more = ["--time-limit-terminal", "true", "--tau", "0.01", "--total-episodes", "none"];
    const run = trainJson(folder, ...flags, ...more, "--loss", "mse", "--learning-rate", "1e-4");
    expect(JSON.parse(runFile(folder, run, "config.json"))).toMatchObject({
      recipe: "solve",
      hiddenSizes: [8, 6],
      activation: "relu",
      failureReward: -1,
      timeLimitTerminal: true,
      tau: 0.01,
      totalEpisodes: null,
      totalSteps: 300,
      loss: "mse",
      learningRate: 1e-4,
      gamma: 0.99,
    });
  });

  it("repeats a run from its config.json, with flags overriding the file", () => {
    const folder = temporaryFolder();
    const first = trainJson(folder, "--recipe", "tanh-64", "--hidden-sizes", "16");
    const config = join(first.runDirectory, "config.json");
    const again = trainJson(folder, "--config", config);
    expect(again).toMatchObject({ recipe: "tanh-64", weightsSha256: first.weightsSha256 });
    const changed = trainJson(folder, "--config", config, "--seed", "9");
    expect(changed.seed).toBe(9);
    expect(changed.weightsSha256).not.toBe(first.weightsSha256);
  });

  it("runs a configuration printed by `recipes <name>`", () => {
    const folder = temporaryFolder();
    const { stdout } = wasmDqn(folder, "recipes", "tanh-64");
    writeFileSync(join(folder, "recipe.json"), stdout);
    const run = trainJson(folder, "--config", "recipe.json");
    expect(run).toMatchObject({ recipe: "tanh-64", seed: 500 });
    expect(run.weightsSha256).toBe(trainJson(folder, "--recipe", "tanh-64").weightsSha256);
  });

  it("stops after --total-episodes", () => {
    const run = trainJson(temporaryFolder(), "--total-steps", "none", "--total-episodes", "4");
    expect(run.episodes).toBe(4);
  });
});

describe("train rejects", () => {
  const cases: [string, string[], number, RegExp][] = [
    ["an unknown flag", ["--learning-rat", "1"], 2, /unknown option '--learning-rat'/],
    ["an extra argument", ["fast"], 2, /too many arguments/],
    ["a flag without its value", ["--gamma"], 2, /--gamma <number>.* argument missing/],
    ["an unknown recipe", ["--recipe", "magic"], 2, /recipe must be one of solve, .*"magic"/],
    ["an unknown environment", ["--env", "Pong"], 2, /env must be one of CartPole-v1.*"Pong"/],
    [
      "an unknown backend",
      ["--backend", "gpu"],
      2,
      /backend must be one of wasm, wasm-fma, js, got "gpu"/,
    ],
    [
      "a negative learning rate",
      ["--learning-rate", "-1"],
      2,
      /learningRate must be greater than 0, got -1/,
    ],
    ["gamma 1.5", ["--gamma", "1.5"], 2, /gamma must be at most 1, got 1.5/],
    ["gamma that is not a number", ["--gamma", "high"], 2, /gamma must be a number, got "high"/],
    [
      "an infinite threshold",
      ["--solved-threshold", "Infinity"],
      2,
      /solvedThreshold must be a number/,
    ],
    [
      "a hidden size of 0",
      ["--hidden-sizes", "64,0"],
      2,
      /hiddenSizes.1 must be at least 1, got 0/,
    ],
    [
      "an empty hidden size",
      ["--hidden-sizes", "64,"],
      2,
      /hiddenSizes.1 must be a number, got ""/,
    ],
    [
      "a fractional batch size",
      ["--batch-size", "1.5"],
      2,
      /batchSize must be a whole number, got 1.5/,
    ],
    [
      "a batch larger than the replay buffer",
      ["--buffer-size", "8"],
      2,
      /batchSize must be at most bufferSize, 8, /,
    ],
    [
      "a replay buffer over 4 GiB",
      ["--buffer-size", "2e8"],
      2,
      /memory plan needs \d+\.\d GiB, the limit is 4 GiB/,
    ],
    ["hidden layers over 4 GiB", ["--hidden-sizes", "1e6,1e6"], 2, /memory plan needs [\d.]+ GiB/],
    [
      "a run that never ends",
      ["--total-steps", "none", "--solved-by", "none"],
      2,
      /would never end/,
    ],
    [
      "a missing configuration file",
      ["--config", "none.json"],
      1,
      /There is no configuration file none\.json\./,
    ],
    [
      "a configuration file that is not JSON",
      ["--config", "text.json"],
      2,
      /text.json is not JSON/,
    ],
    [
      "a configuration file with a list",
      ["--config", "list.json"],
      2,
      /list.json must hold a JSON object/,
    ],
    [
      "a configuration file with an unknown key",
      ["--config", "key.json"],
      2,
      /speed in key.json is not a configuration key/,
    ],
    [
      "a configuration file with a bad value",
      ["--config", "value.json"],
      2,
      /tau in value.json must be greater than 0, got 0/,
    ],
    [
      "an --out inside a file",
      ["--out", "text.json/runs"],
      1,
      /Could not make the folder text.json\/runs: /,
    ],
  ];

  it.each(cases)("%s", (_, flags, code, message) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "text.json"), "gamma = 1");
    writeFileSync(join(folder, "list.json"), "[1]");
    writeFileSync(join(folder, "key.json"), '{"speed": 0.9}');
    writeFileSync(join(folder, "value.json"), '{"tau": 0}');
    const result = wasmDqn(folder, "train", "--total-steps", "100", ...flags);
    expect(result.stderr).toMatch(message);
    expect(result.stderr.trim().split("\n").length).toBe(1);
    expect(result.stderr).not.toMatch(/^ +at /m);
    expect(result.stdout).toBe("");
    expect(result.code).toBe(code);
    expect(existsSync(join(folder, "runs"))).toBe(false);
  });
});
