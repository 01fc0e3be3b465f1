import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { broken, coin, dear, folderWithCoin, lastLine, trainCoin } from "./coinRun.ts";
import { wasmDqn } from "./run.ts";

describe("a sweep of your own game", () => {
  const flags = [
    "--env",
    "./coin.ts",
    "--seeds",
    "1-2",
    "--set",
    "totalSteps=300",
    "--workers",
    "1",
  ];
  const sweep = (folder: string, ...more: string[]) =>
    wasmDqn(folder, "sweep", ...flags, "--out", "out", ...more);

  it("gives the weights that train gives, and keeps each trial for plot and evaluate", () => {
    const folder = folderWithCoin();
    const result = sweep(folder, "--keep");
    expect(result).toMatchObject({ code: 0 });
    const rows = readFileSync(join(folder, "out", "results.csv"), "utf8");
    expect(rows).toMatch(/,Coin@[0-9a-f]{16},/);
    expect(rows).toContain(trainCoin(folder, "--total-steps", "300", "--seed", "2").weightsSha256);
    const trials = readdirSync(join(folder, "out", "trials")).map((name) => `out/trials/${name}`);
    expect(trials).toHaveLength(2);
    const plotted = wasmDqn(folder, "plot", ...trials);
    expect(plotted).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(join(folder, "curves.svg"), "utf8")).toContain("<title>solve, 2 seeds<");
    const evaluated = wasmDqn(folder, "evaluate", trials[0]!, "--env", "./coin.ts");
    expect(evaluated).toMatchObject({ code: 0, stderr: "" });
  });

  it("keeps trials that ran without --keep", () => {
    const folder = folderWithCoin();
    sweep(folder);
    expect(existsSync(join(folder, "out", "trials"))).toBe(false);
    expect(sweep(folder, "--keep").code).toBe(0);
    expect(readdirSync(join(folder, "out", "trials"))).toHaveLength(2);
    expect(sweep(folder, "--keep").stderr).toContain("2 of 2 trials have results already.");
  });

  it("runs again if the module has changed", () => {
    const folder = folderWithCoin();
    sweep(folder);
    writeFileSync(join(folder, "coin.ts"), dear(coin));
    const again = sweep(folder);
    expect(again.stderr).not.toContain("results already");
    expect(again.stdout).toContain("2 of other trials");
  });

  it("ends with exit code 1 and the reasons if every trial fails", () => {
    const folder = folderWithCoin(broken);
    const result = sweep(folder);
    expect(result.code).toBe(1);
    expect(lastLine(result.stderr)).toMatch(
      /^wasm-dqn: All 2 trials failed: .*coin\.ts:\d+: Cannot/,
    );
  });

  it.each([
    [["--set", "env=CartPole-v1"], "--env and --set env exclude each other."],
    [["--keep", "--queue", "redis://localhost:1"], "--keep cannot keep trials of --queue"],
    [["--set", "solvedBy=none", "--set", "solvedThreshold=1"], "solvedThreshold needs solvedBy"],
  ])("refuses %j", (more, message) => {
    const result = sweep(folderWithCoin(), ...more);
    expect([result.code, result.stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
