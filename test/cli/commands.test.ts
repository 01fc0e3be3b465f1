import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { environmentSpec } from "../../src/environments/registry.ts";
import { encodePolicy } from "../../src/formats/policy.ts";
import { encodeSafetensors } from "../../src/formats/safetensors.ts";
import { layOutParameters } from "../../src/network/parameterLayout.ts";
import { temporaryFolder, wasmDqn } from "./run.ts";

const returns = {
  meanReturn: expect.any(Number),
  stdReturn: expect.any(Number),
  minReturn: expect.any(Number),
  maxReturn: expect.any(Number),
};

describe("random", () => {
  it("plays the random agent with a mean near 22, reproducibly for a seed", () => {
    const folder = temporaryFolder();
    const first = wasmDqn(folder, "random", "--episodes", "2000", "--json");
    expect(JSON.parse(first.stdout)).toEqual({ episodes: 2000, ...returns });
    const { meanReturn, minReturn } = JSON.parse(first.stdout) as Record<string, number>;
    expect(meanReturn).toBeGreaterThan(21);
    expect(meanReturn).toBeLessThan(23.5);
    expect(minReturn).toBeGreaterThanOrEqual(8);
    expect(wasmDqn(folder, "random", "--episodes", "2000", "--json").stdout).toBe(first.stdout);
    expect(wasmDqn(folder, "random").stdout).toMatch(
      /^Random actions in CartPole-v1, 100 episodes: /,
    );
  });

  it.each([
    ["--episodes", "0"],
    ["--episodes", "many"],
    ["--seed", "-1"],
    ["--seed", "1.5"],
  ])("rejects %s %s", (flag, value) => {
    const { code, stderr } = wasmDqn(temporaryFolder(), "random", flag, value);
    expect(stderr).toMatch(new RegExp(`^wasm-dqn: ${flag} must be a whole number from .*${value}`));
    expect(code).toBe(2);
  });
});

describe("evaluate", () => {
  function trained(folder: string): string {
    const run = wasmDqn(folder, "train", "--json", "--total-steps", "300");
    const { runDirectory } = JSON.parse(run.stdout) as { runDirectory: string };
    return join(runDirectory, "policy.safetensors");
  }

  it("plays a saved policy without flags, with the same result every time", () => {
    const folder = temporaryFolder();
    const policy = trained(folder);
    const first = wasmDqn(folder, "evaluate", policy, "--json");
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout)).toEqual({ episodes: 100, ...returns });
    expect(wasmDqn(folder, "evaluate", policy, "--json").stdout).toBe(first.stdout);
    const other = wasmDqn(folder, "evaluate", policy, "--seed", "5", "--episodes", "3");
    expect(other.stdout).toContain("in CartPole-v1, 3 episodes: mean return ");
  });

  it("rejects policies that are missing, damaged, foreign or of another shape", () => {
    const folder = temporaryFolder();
    const good = readFileSync(join(folder, trained(folder)));
    const file = (name: string, bytes: Uint8Array) => writeFileSync(join(folder, name), bytes);
    file("short.safetensors", good.subarray(0, good.length - 5));
    file("text.safetensors", Buffer.from("these are not weights"));
    file("foreign.safetensors", encodeSafetensors({ metadata: {}, tensors: [] }));
    const shape = { ...defaults, observationSize: 5, actionCount: 2 };
    const weights = layOutParameters(shape).tensors.map((tensor) => ({
      ...{ name: tensor.name, shape: tensor.shape, values: new Float32Array(tensor.length) },
    }));
    const spec = { ...environmentSpec("CartPole-v1"), observationSize: 5 };
    const changed = new Set<string>();
    const moment = { agent: { updates: 0 }, changed, dependsOn: "", steps: 0 };
    const other = { config: defaults, shape, spec, weights: () => weights, ...moment };
    file("other.safetensors", encodePolicy(other));
    const message = (name: string, ...flags: string[]) => {
      const { code, stderr, stdout } = wasmDqn(folder, "evaluate", name, ...flags);
      expect(stdout).toBe("");
      expect(stderr.trim().split("\n").length).toBe(1);
      return [code, stderr.trim()];
    };
    expect(message("none")).toEqual([1, "wasm-dqn: There is no policy file none."]);
    expect(message(".")).toEqual([1, "wasm-dqn: There is no policy file policy.safetensors."]);
    expect(message("short.safetensors")[1]).toMatch(
      /short.safetensors is not .* its tensors have \d+ bytes, the file has \d+/,
    );
    expect(message("text.safetensors")[1]).toMatch(
      /text.safetensors is not .* its header ends at byte \d+ of 21/,
    );
    expect(message("foreign.safetensors")).toEqual([
      1,
      "wasm-dqn: foreign.safetensors is not a policy of wasm-dqn.",
    ]);
    expect(message("other.safetensors")).toEqual([
      1,
      "wasm-dqn: other.safetensors has 5 inputs and 2 outputs, but CartPole-v1 needs 4 and 2.",
    ]);
    copyFileSync(join(folder, "short.safetensors"), join(folder, "copy"));
    expect(message("copy", "--env", "Pong")[0]).toBe(1);
  });
});

describe("explain", () => {
  const lines = (...flags: string[]) =>
    wasmDqn(temporaryFolder(), "explain", ...flags).stdout.split("\n");

  it("prints every kernel call of a training step with its arrays and shapes", () => {
    const found = lines("--hidden-sizes", "7", "--batch-size", "8", "--activation", "relu");
    const weights = "online.fc1.weight (7, 4), online.fc1.bias (7)";
    expect(found).toContain(
      ` 5 denseForward: fc1.output (7, 8) <- observation (4, 8), ${weights}; lowerBound 0`,
    );
    expect(found).toContain(
      " 7 huberGradient: dQ (2, 8), errors (8), loss (1) <- q (2, 8), action (8), targets (8), weights (8); samples set before each run; beta 1",
    );
    expect(found.at(-2)).toMatch(/^1,120 multiply-adds in the matrix products of the update\./);
  });

  it("names every array of every option", () => {
    const all = [
      "--dueling",
      "--batch-norm",
      "--double-q",
      "--prioritized",
      "--update-per-transition",
    ];
    const on = all.flatMap((flag) => [flag, "true"]);
    const sgd = ["--optimizer", "sgd", "--max-grad-norm", "1", "--max-grad-value", "2"];
    for (const flags of [
      [],
      on.slice(0, -2),
      on.slice(-2),
      sgd,
      ["--target-update-unit", "none"],
    ]) {
      const text = lines(...flags).join("\n");
      expect(text).toContain("Update with a batch of ");
      expect(text).not.toMatch(/byte \d|undefined|NaN/);
    }
  });

  it("prints the targets of PQN once per rollout", () => {
    const found = lines("--recipe", "minatar-pqn");
    const line = found.indexOf("Before the updates of a rollout of 4,096 steps:");
    const steps = "rollout.steps (4,097, 4)";
    expect(found[line + 1]).toBe(
      `1 qLambdaTargets: ${steps} <- ${steps}, greedyValues (128); lambda 0.65`,
    );
    expect(found.join("\n")).not.toMatch(/byte \d|undefined|NaN/);
    expect(lines("--recipe", "minatar-dqn").join("\n")).not.toContain("qLambdaTargets");
  });

  it("rejects an invalid value", () => {
    const { code, stderr } = wasmDqn(temporaryFolder(), "explain", "--gamma", "2");
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^wasm-dqn: gamma must be .*got 2/)]);
  });
});

describe("recipes", () => {
  it("lists every recipe with its source", () => {
    const folder = temporaryFolder();
    const listed = JSON.parse(wasmDqn(folder, "recipes", "--json").stdout) as object[];
    expect(listed.length).toBeGreaterThanOrEqual(2);
    for (const recipe of listed) {
      expect(Object.keys(recipe)).toEqual(["name", "description", "source"]);
    }
    expect(wasmDqn(folder, "recipes").stdout).toMatch(/^solve\n {2}CartPole-v1/);
  });

  it("rejects an unknown recipe", () => {
    const { code, stderr } = wasmDqn(temporaryFolder(), "recipes", "magic");
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^wasm-dqn: recipe must be one of /)]);
  });
});

describe("wasm-dqn", () => {
  it("prints its version and its help", () => {
    const folder = temporaryFolder();
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(wasmDqn(folder, "--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
    for (const command of [[], ["train"], ["evaluate"], ["random"], ["recipes"], ["bench"]]) {
      const { code, stdout } = wasmDqn(folder, ...command, "--help");
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: ${["wasm-dqn", ...command].join(" ")}`);
    }
  });

  it("has a flag with a description for every hyperparameter", () => {
    const folder = temporaryFolder();
    const { stdout: help } = wasmDqn(folder, "train", "--help");
    const config = JSON.parse(wasmDqn(folder, "recipes", "solve").stdout) as object;
    for (const key of Object.keys(config)) {
      const flag = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      expect(help).toMatch(new RegExp(`--${flag} <[^>]+>\\s+\\w+`));
    }
  });

  it("rejects an unknown command, and prints its help without one", () => {
    const folder = temporaryFolder();
    expect(wasmDqn(folder, "fly")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/unknown command 'fly'/),
    });
    expect(wasmDqn(folder, "help", "fly")).toMatchObject({
      code: 2,
      stderr: "wasm-dqn: unknown command 'fly'\n",
    });
    expect(wasmDqn(folder, "help", "recipes").stdout).toContain("Usage: wasm-dqn recipes ");
    expect(wasmDqn(folder)).toMatchObject({ code: 2, stderr: expect.stringContaining("Usage:") });
  });
});
