// The games of wasm-dqn/games by their ids, without a module.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { gameIds } from "../../src/games/builtInGames.ts";
import * as games from "../../src/games/index.ts";
import { temporaryFolder, wasmDqn } from "./run.ts";

it("every id is the name of an exported class", () => {
  expect(gameIds).toEqual(["Snake", "Game2048", "ConnectFour", "FrozenLake", "CliffWalking"]);
  for (const id of gameIds) expect(games).toHaveProperty(id);
});

it("a game trains, resumes, plays and is evaluated by its id, and its policy has no hash", () => {
  const folder = temporaryFolder();
  const flags = ["--env", "FrozenLake", "--json", "--total-steps", "300"];
  const trained = wasmDqn(folder, "train", ...flags);
  expect(trained.code, trained.stderr).toBe(0);
  const { runDirectory } = JSON.parse(trained.stdout) as { runDirectory: string };
  const policy = readFileSync(join(folder, runDirectory, "policy.safetensors"), "latin1");
  expect(policy).toContain('{\\"id\\":\\"FrozenLake\\",\\"observationSize\\":16');
  expect(policy).not.toContain("hash");
  const resumed = wasmDqn(folder, "train", "--resume", runDirectory, "--total-steps", "400");
  expect(resumed.code, resumed.stderr).toBe(0);
  for (const args of [[], ["--env", "FrozenLake"]]) {
    const evaluated = wasmDqn(folder, "evaluate", runDirectory, "--episodes", "3", ...args);
    expect(evaluated.code, evaluated.stderr).toBe(0);
    expect(evaluated.stdout).toContain("in FrozenLake, 3 episodes");
  }
  expect(wasmDqn(folder, "play", runDirectory).stdout).toContain("episode 1: return");
  const other = wasmDqn(folder, "evaluate", runDirectory, "--env", "Snake");
  expect([other.code, other.stderr]).toEqual([
    1,
    expect.stringMatching(/needs the environment Fro/),
  ]);
});

it("random, explain and sweep take the id", () => {
  const folder = temporaryFolder();
  for (const args of [
    ["random", "--env", "Snake", "--episodes", "3"],
    ["explain", "--env", "Game2048"],
    ["sweep", "--env", "Snake", "--set", "totalSteps=100", "--seeds", "1-2"],
    ["sweep", "--set", "env=CartPole-v1,Snake", "--set", "totalSteps=100", "--seeds", "1-2"],
  ]) {
    const { code, stderr, stdout } = wasmDqn(folder, ...args);
    expect([code, stdout], stderr).toEqual([0, expect.stringMatching(/Snake|Game2048/)]);
  }
});

it("lists the games if an id is unknown", () => {
  const { code, stderr } = wasmDqn(temporaryFolder(), "random", "--env", "Pong");
  expect(code).toBe(2);
  expect(stderr).toBe(
    `wasm-dqn: env must be one of CartPole-v1, CartPole-v0, MountainCar-v0, Acrobot-v1, ${gameIds.join(", ")}, or with --env the path of a module, got "Pong".\n`,
  );
});

it("a policy of a module needs its module, even if a game has the same name", () => {
  const folder = temporaryFolder();
  const coin = fileURLToPath(new URL("../games/coin.ts", import.meta.url));
  const text = readFileSync(coin, "utf8").replace(/class \w+/, "class Snake");
  writeFileSync(join(folder, "own.ts"), text);
  const flags = ["--env", "./own.ts", "--json", "--total-steps", "300"];
  const { stderr, stdout } = wasmDqn(folder, "train", ...flags);
  const { runDirectory } = JSON.parse(stdout || `{"runDirectory":"${stderr}"}`) as {
    runDirectory: string;
  };
  const evaluated = wasmDqn(folder, "evaluate", runDirectory);
  expect([evaluated.code, evaluated.stderr]).toEqual([
    1,
    expect.stringMatching(/trained in "Snake", which is not built in: give its module/),
  ]);
});
