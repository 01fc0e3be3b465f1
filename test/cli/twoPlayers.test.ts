// A two-player game in the commands: Connect Four, from its module.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { main, temporaryFolder, wasmDqn } from "./run.ts";

const env = ["--env", fileURLToPath(new URL("../../src/games/connectFour.ts", import.meta.url))];
const rates = { winRate: expect.any(Number), drawRate: expect.any(Number) };
const percents = /won \d+\.\d%, drew \d+\.\d%, lost \d+\.\d%/;

const folder = mkdtempSync(join(tmpdir(), "wasm-dqn-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const short = ["--total-steps", "600", "--eval-every", "300", "--tensorboard", "true"];
const trained = wasmDqn(folder, "train", ...env, ...short, "--solved-by", "none");
const run = /runs\/ConnectFour__\S+/.exec(trained.stdout)![0];
const play = (...flags: string[]) => wasmDqn(folder, "play", run, ...env, ...flags);

/** Plays against the lines of `input`. */
function playByHand(input: string) {
  const args = [main, "play", run, ...env, "--against", "human"];
  const { status, stderr, stdout } = spawnSync(process.execPath, args, {
    ...{ cwd: folder, encoding: "utf8", input },
  });
  return { code: status, stdout, stderr };
}

describe("win rates", () => {
  it("are printed at each evaluation and at the end of a run", () => {
    const evaluations = trained.stdout.match(/^evaluation .*/gm) ?? [];
    expect(evaluations).toHaveLength(2);
    expect(evaluations[1]).toMatch(/^evaluation +\| steps +600 \| won /);
    expect(evaluations[1]).toMatch(percents);
    expect(trained.stdout).toMatch(/100 greedy episodes: \S+, won .* against random play\n/);
  });

  it("are in metrics.jsonl and in TensorBoard's file", () => {
    const rows = readFileSync(join(folder, run, "metrics.jsonl"), "utf8")
      .trimEnd()
      .split("\n");
    const evaluations = rows.map((row) => JSON.parse(row) as Record<string, number>);
    const found = evaluations.filter((row) => "eval/mean_reward" in row);
    expect(found).toHaveLength(2);
    for (const row of found) {
      const [won, drew, lost] = ["win", "draw", "loss"].map((key) => row[`eval/${key}_rate`]!);
      expect(won! + drew! + lost!).toBeCloseTo(1);
      expect(won! - lost!).toBeCloseTo(row["eval/mean_reward"]!);
    }
  });

  it("are printed by evaluate and random, also as JSON", () => {
    const evaluated = wasmDqn(folder, "evaluate", run, ...env);
    expect(evaluated.stdout).toMatch(/from -1 to 1; won .* against random play\n$/);
    const json = wasmDqn(folder, "evaluate", run, ...env, "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({ winRates: rates });
    const random = wasmDqn(folder, "random", ...env);
    expect(random.stdout).toMatch(percents);
  });

  it("are against the opponent of evaluate --against", () => {
    const evaluate = (...flags: string[]) =>
      wasmDqn(folder, "evaluate", run, ...env, "--episodes", "4", ...flags);
    const same = evaluate("--against", "policy");
    // Both policies are the same: each wins one of two games, or all are draws.
    expect(same.stdout).toMatch(
      /won (50\.0%, drew 0|0\.0%, drew 100)\.0%.* against the same policy\n$/,
    );
    const file = join(run, "policy.safetensors");
    const other = evaluate("--against", file);
    expect(other.stdout).toBe(same.stdout.replace("the same policy", file));
    expect(evaluate("--against", "random").stdout).toBe(evaluate().stdout);
    expect(evaluate("--against", "human")).toMatchObject({
      code: 2,
      stderr: "wasm-dqn: evaluate plays without you: for --against human, use play.\n",
    });
  });

  it("are absent from games for one player", () => {
    const { stdout } = wasmDqn(temporaryFolder(), "random", "--episodes", "2", "--json");
    expect(Object.keys(JSON.parse(stdout) as object)).not.toContain("winRates");
  });
});

describe("play --against", () => {
  it("plays random moves, as evaluate does, from both sides in turn", () => {
    const played = play("--episodes", "20");
    const returns = [...played.stdout.matchAll(/return (-?\d)/g)].map(([, value]) => Number(value));
    const evaluated = wasmDqn(folder, "evaluate", run, ...env, "--episodes", "20", "--json");
    const { meanReturn } = JSON.parse(evaluated.stdout) as { meanReturn: number };
    expect(returns).toHaveLength(20);
    expect(returns.reduce((sum, value) => sum + value, 0) / 20).toBeCloseTo(meanReturn);
    expect(played.stdout).toMatch(/\nThe policy won .*% against random play\.\n$/);
  });

  it("plays the same policy or another policy, with the same moves", () => {
    const same = play("--against", "policy", "--episodes", "2");
    expect(same).toMatchObject({ code: 0, stderr: "" });
    const other = play("--against", join(run, "policy.safetensors"), "--episodes", "2");
    const games = (text: string) => text.split("\n").slice(0, 2);
    expect(games(other.stdout)).toEqual(games(same.stdout));
    // Both games are the same, so the policy wins one of them, or both are draws.
    expect(same.stdout).toMatch(/won (50\.0%, drew 0|0\.0%, drew 100)\.0%/);
  });

  it("asks a person, refuses illegal actions with a sentence and plays to the end", () => {
    const input = `9\n\n${"1\n2\n3\n4\n5\n6\n7\n".repeat(12)}`;
    const { code, stderr, stdout } = playByHand(input);
    expect([code, stderr]).toEqual([0, ""]);
    // The board before each move, with the mark of the player to move.
    expect(stdout).toMatch(
      /^The policy begins\.\n(?:(?:· ){6}·\n){6}.*\n● to move\nThe policy plays \d\.\n(?:(?:. ){6}.\n){7}○ to move\nYour move/,
    );
    expect(stdout).toMatch(/\n(?:[●○] has won|drawn)\nepisode 1/);
    expect(stdout).toContain('"9" is not a legal action: choose one of 1, 2, 3, 4, 5, 6, 7.\n');
    expect(stdout).toMatch(
      /\nepisode 1: (the policy (won|lost)|drawn), return -?[01], \d+ steps\n$/,
    );
  });

  it("names only the legal actions", () => {
    const { stdout } = playByHand("1\n".repeat(30));
    expect(stdout).toContain("Your move (2, 3, 4, 5, 6, 7): ");
    expect(stdout).toContain('"1" is not a legal action: choose one of 2, 3, 4, 5, 6, 7.\n');
  });

  it("ends with exit code 0 if the input ends", () => {
    const { code, stderr, stdout } = playByHand("1\n");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/Your move \(.*\): \nThe input ended: the game is not finished\.\n$/);
  });

  it("ends at Ctrl-C while it waits for a move", async () => {
    const args = [main, "play", run, ...env, "--against", "human"];
    const child = spawn(process.execPath, args, { cwd: folder });
    let output = "";
    child.stderr.on("data", (data: Buffer) => {
      output += data.toString();
    });
    child.stdout.on("data", (data: Buffer) => {
      if (data.toString().includes("Your move")) child.kill("SIGINT");
    });
    const end = await new Promise((resolve) => child.once("exit", (...how) => resolve(how)));
    expect([end, output]).toEqual([[130, null], ""]);
  });

  it("films each move and the end of the game", () => {
    expect(play("--against", "policy", "--svg", "a.svg")).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(join(folder, "a.svg"), "utf8")).toContain("●");
  });

  it.each([
    [["--against", "nothing"], 1, "There is no policy file nothing."],
    [["--against", "nothing", "--episodes", "0"], 2, "--episodes must be a whole number from 1"],
  ])("rejects %j", (flags, code, message) => {
    const result = play(...flags);
    expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(message)]);
  });

  it("rejects games for one player, and policies of other games", () => {
    const other = temporaryFolder();
    const { stdout } = wasmDqn(other, "train", "--json", "--total-steps", "300");
    const { runDirectory } = JSON.parse(stdout) as { runDirectory: string };
    for (const command of ["play", "evaluate"]) {
      expect(wasmDqn(other, command, runDirectory, "--against", "random")).toMatchObject({
        code: 2,
        stderr: "wasm-dqn: --against needs a game for two players, but CartPole-v1 is for one.\n",
      });
    }
    const foreign = play("--against", join(other, runDirectory));
    expect(foreign.code).toBe(1);
    expect(foreign.stderr).toMatch(/^wasm-dqn: .*needs the environment CartPole-v1.*\n$/);
  });
});
