// The games of wasm-dqn/games by their ids, without a module.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { findGame, gameIds } from "../../src/games/builtInGames.ts";
import * as games from "../../src/games/index.ts";
import { temporaryFolder, wasmDqn } from "./run.ts";

it("every id names an exported class", () => {
  const names = ["Asterix", "Breakout", "Freeway", "Seaquest", "SpaceInvaders"];
  const minAtar = names.flatMap((name) => [`MinAtar/${name}-v0`, `MinAtar/${name}-v1`]);
  const variants = ["FrozenLake8x8-v1", "CliffWalkingSlippery-v1"];
  const others = ["Snake", "Game2048", "ConnectFour", "FrozenLake", "CliffWalking"];
  expect(gameIds.toSorted()).toEqual([...others, ...variants, ...minAtar].toSorted());
  for (const id of gameIds) {
    expect(games).toHaveProperty(id.replace(/^MinAtar\/|(8x8|Slippery)?-v\d$/g, ""));
  }
});

it.each([
  ["MinAtar/Breakout-v0", 6],
  ["MinAtar/Breakout-v1", 3],
  ["MinAtar/Seaquest-v1", 6],
])("%s has %i actions", (id, actionCount) => {
  expect(findGame(id)).toMatchObject({ id, actionCount });
});

it.each([
  ["FrozenLake8x8-v1", { observationSize: 64, maxEpisodeSteps: 200, rewardThreshold: 0.85 }],
  ["CliffWalkingSlippery-v1", { observationSize: 48 }],
])("%s trains, and its policy is evaluated", (id, members) => {
  expect(findGame(id)).toMatchObject({ id, ...members });
  const folder = temporaryFolder();
  const flags = ["--env", id, "--json", "--total-steps", "300", "--max-episode-steps", "20"];
  const { stdout } = wasmDqn(folder, "train", ...flags);
  const { runDirectory } = JSON.parse(stdout) as { runDirectory: string };
  const evaluated = wasmDqn(folder, "evaluate", runDirectory, "--episodes", "2");
  expect(evaluated).toMatchObject({ code: 0, stderr: "" });
  expect(evaluated.stdout).toContain(`in ${id}, 2 episodes`);
});

it("CliffWalkingSlippery-v1 slips", () => {
  const steps = (id: string) => {
    const game = findGame(id)!.make(undefined as never, 0);
    game.reset({ seed: 1 });
    return Array.from({ length: 30 }, () => Array.from(game.step(0).observation).indexOf(1));
  };
  expect(new Set(steps("CliffWalking").map((cell) => cell % 12)).size).toBe(1);
  expect(new Set(steps("CliffWalkingSlippery-v1").map((cell) => cell % 12)).size).toBeGreaterThan(
    1,
  );
});

it("MinAtar trains, resumes, is filmed and is swept", () => {
  const folder = temporaryFolder();
  const id = "MinAtar/Breakout-v1";
  const trained = wasmDqn(folder, "train", "--env", id, "--json", "--total-steps", "300");
  expect(trained.code, trained.stderr).toBe(0);
  const { runDirectory } = JSON.parse(trained.stdout) as { runDirectory: string };
  const resumed = wasmDqn(folder, "train", "--resume", runDirectory, "--total-steps", "400");
  expect(resumed.code, resumed.stderr).toBe(0);
  const played = wasmDqn(folder, "play", runDirectory, "--gif", "a.gif", "--svg", "a.svg");
  expect(played).toMatchObject({ code: 0, stderr: "" });
  expect(readFileSync(join(folder, "a.svg"), "utf8")).toContain("<polyline ");
  const short = ["--set", "totalSteps=100", "--seeds", "1", "--set", `env=${id}`];
  const swept = wasmDqn(folder, "sweep", ...short);
  expect(swept.stdout + swept.stderr).toContain(`env=${id}`);
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

it("the ONNX file of a game with illegal moves has the input legal_actions", () => {
  const folder = temporaryFolder();
  for (const [env, expected] of [
    ["Game2048", true],
    ["FrozenLake", false],
  ] as const) {
    const flags = ["--env", env, "--json", "--total-steps", "200"];
    const { stdout } = wasmDqn(folder, "train", ...flags);
    const { runDirectory } = JSON.parse(stdout) as { runDirectory: string };
    const file = `${env}.onnx`;
    const exported = wasmDqn(folder, "export", runDirectory, "--env", env, "--out", file);
    expect(exported).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(join(folder, file)).includes("legal_actions")).toBe(expected);
  }
});

it("random, explain and sweep take the id", () => {
  const folder = temporaryFolder();
  const short = ["--set", "totalSteps=100", "--seeds", "1-2"];
  for (const [found = "", ...args] of [
    ["Snake", "random", "--env", "Snake", "--episodes", "3"],
    ["Game2048", "explain", "--env", "Game2048"],
    ["env=Snake", "sweep", "--set", "env=CartPole-v1,Snake", ...short],
    ["2 of 2 trials", "sweep", "--env", "Snake", ...short, "--out", "snakes"],
  ]) {
    const { code, stderr, stdout } = wasmDqn(folder, ...args);
    expect(code, stderr).toBe(0);
    expect(stdout + stderr).toContain(found);
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

it.each([
  ["snake", "Snake"],
  ["game-2048", "Game2048"],
  ["connect-four", "ConnectFour"],
  ["cliff-walking", "CliffWalking"],
])("the recipe %s names its game, %s", (recipe, env) => {
  const short = ["--total-steps", "300", "--json"];
  const trained = wasmDqn(temporaryFolder(), "train", "--recipe", recipe, ...short);
  expect(trained.code, trained.stderr).toBe(0);
  expect(JSON.parse(trained.stdout)).toMatchObject({ recipe, env, solved: null });
});
