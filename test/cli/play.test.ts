import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main, temporaryFolder, wasmDqn, wasmDqnUnder } from "./run.ts";

const train = (folder: string, ...flags: string[]) => {
  const { stdout } = wasmDqn(folder, "train", "--json", ...flags);
  return (JSON.parse(stdout) as { runDirectory: string }).runDirectory;
};

describe("play human", () => {
  const human = (input: string, env: string) =>
    spawnSync(process.execPath, [main, "play", "human", "--env", env], {
      encoding: "utf8",
      input,
    });

  it("asks for each action, by its name or the beginning of it, and shows the end", () => {
    const { status, stderr, stdout } = human("l\nRight\n".repeat(40), "MinAtar/Breakout-v1");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/⠇\nYour move \(nothing, left, right\): /);
    expect(stdout).toMatch(/⠇\nepisode 1: return \d+, \d+ steps\n$/);
    expect(stdout).not.toContain("The policy");
  });

  it("does not guess which of two actions is meant", () => {
    const { stdout } = human("u\n\nx\n", "Game2048");
    expect(stdout).toContain('"" is not a legal action: choose one of ');
    expect(stdout).toContain('"x" is not a legal action: choose one of ');
    expect(stdout).toMatch(/The input ended: the game is not finished\.\n$/);
  });

  it.each([
    [[], "play human needs --env, the game to play."],
    [["--env", "ConnectFour"], "play human needs a game for one player: use play <policy>"],
    [["--env", "Snake", "--against", "random"], "play human needs a game for one player: use"],
  ])("rejects %j", (flags, message) => {
    const { code, stderr } = wasmDqn(temporaryFolder(), "play", "human", ...flags);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe("play", () => {
  it("plays a policy and writes a GIF and an SVG", () => {
    const folder = temporaryFolder();
    const policy = join(
      train(folder, "--frame-stack", "2", "--total-steps", "500"),
      "policy.safetensors",
    );
    const played = wasmDqn(
      folder,
      "play",
      policy,
      "--gif",
      "a.gif",
      "--svg",
      "a.svg",
      "--episodes",
      "2",
    );
    expect(played).toMatchObject({ code: 0, stderr: "" });
    expect(played.stdout).toMatch(/^a\.gif\na\.svg\nepisode 1: return \d+, \d+ steps\nepisode 2: /);
    expect(readFileSync(join(folder, "a.gif")).subarray(0, 6).toString()).toBe("GIF89a");
    expect(readFileSync(join(folder, "a.svg"), "utf8")).toContain("<animate ");
  });

  it("keeps no frames that it does not write: 1,000 episodes in little memory", () => {
    const folder = temporaryFolder();
    const policy = join(train(folder), "policy.safetensors");
    const args = ["play", policy, "--episodes", "1000", "--gif", "a.gif"];
    const played = wasmDqnUnder(["--max-old-space-size=40"], folder, ...args);
    expect(played).toMatchObject({ code: 0, stderr: "" });
    expect(played.stdout).toContain("\nepisode 1,000: return 500, 500 steps\n");
  });

  it.each([
    [["nothing.safetensors"], 1, /There is no policy file nothing\.safetensors\./],
    [["nothing.safetensors", "--gif", "a.png"], 2, /--gif must end with \.gif, got "a\.png"\./],
    [["nothing.safetensors", "--episodes", "0"], 2, /--episodes must be a whole number from 1/],
  ])("rejects play %j", (args, code, message) => {
    const folder = temporaryFolder();
    const result = wasmDqn(folder, "play", ...args);
    expect(result.stderr).toMatch(message);
    expect(result.code).toBe(code);
    expect(existsSync(join(folder, "a.png"))).toBe(false);
  });
});
