import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { begin } from "../faults/process.ts";
import { temporaryFolder, wasmDqn } from "./run.ts";
import { rows } from "./sweepRows.ts";

const short = ["--set", "totalSteps=300", "--out", "s"];
const results = (folder: string) => join(folder, "s", "results.csv");
const lines = (folder: string) => readFileSync(results(folder), "utf8").trimEnd().split("\n");

it("a second sweep in a folder keeps the first one's rows and reports them", () => {
  const folder = temporaryFolder();
  wasmDqn(folder, "sweep", "--seeds", "1-3", ...short);
  const first = rows(folder);
  const second = wasmDqn(folder, "sweep", "--seeds", "4-5", ...short);
  expect(second.stdout).toContain("| solve totalSteps=300 | 2 |");
  expect(second.stdout).toContain("Not in this report, kept in results.csv: 3 of other trials.");
  expect(rows(folder)).toHaveLength(6);
  expect(rows(folder).slice(3)).toEqual(first.slice(1));
  const third = wasmDqn(folder, "sweep", "--seeds", "1-5", ...short);
  expect(third.stderr).toBe("5 of 5 trials have results already.\n");
  expect(third.stdout).not.toContain("Not in this report");
});

it("keeps unreadable rows and rows of another version unchanged", () => {
  const folder = temporaryFolder();
  wasmDqn(folder, "sweep", "--seeds", "1-3", ...short);
  const [header, one = "", two = "", three = ""] = lines(folder);
  const foreign = two.replace(/,\d+\.\d+\.\d+,CartPole/, ",0.0.9,CartPole");
  const odd = Buffer.concat([Buffer.from(`${three},"`), Buffer.from([0xff, 0x00])]);
  const text = Buffer.from([header, one, foreign, ""].join("\n"));
  writeFileSync(results(folder), Buffer.concat([text, odd, Buffer.from("\n")]));
  const again = wasmDqn(folder, "sweep", "--seeds", "1-3", ...short);
  expect(again.stderr).toContain("1 of 3 trials have results already.");
  expect(again.stdout).toContain("kept in results.csv: 1 of version 0.0.9, 1 that cannot be read.");
  const bytes = readFileSync(results(folder));
  expect(bytes.includes(odd)).toBe(true);
  expect(bytes.includes(Buffer.from(`${foreign}\n`))).toBe(true);
  expect(
    rows(folder)
      .slice(1, 4)
      .map((row) => row.split(",").slice(0, 5)),
  ).toEqual([one, two, three].map((row) => row.split(",").slice(0, 5)));
});

it("rejects a results.csv with the columns of another version", () => {
  const folder = temporaryFolder();
  const old = "recipe,changes,seed,solved,steps\n";
  writeFileSync(join(folder, "results.csv"), old);
  const result = wasmDqn(folder, "sweep", "--seeds", "1", "--out", ".");
  expect(result.stderr).toMatch(/^wasm-dqn: results\.csv was written by another version/);
  expect(result.code).toBe(1);
  expect(readFileSync(join(folder, "results.csv"), "utf8")).toBe(old);
});

it("runs a failed trial again", () => {
  const folder = temporaryFolder();
  wasmDqn(folder, "sweep", "--seeds", "1-2", ...short);
  const whole = rows(folder);
  const [header, one, two = ""] = lines(folder);
  const names = header!.split(",");
  const known = two.split(",").slice(0, names.indexOf("solved"));
  const unknown = Array.from({ length: names.length - known.length - 1 }, () => "");
  const failed = [...known, ...unknown, "no memory"];
  writeFileSync(results(folder), `${header}\n${one}\n${failed.join(",")}\n`);
  const again = wasmDqn(folder, "sweep", "--seeds", "1-2", ...short);
  expect(again.stderr).toContain("1 of 2 trials have results already.");
  expect(rows(folder)).toEqual(whole);
});

it("exits with 1 and the reason if every trial failed", () => {
  const folder = temporaryFolder();
  const args = ["sweep", "--seeds", "1-2", "--set", "batchSize=5000", "--out", "s"];
  const result = wasmDqn(folder, ...args);
  expect(result.code).toBe(1);
  expect(result.stderr.trimEnd().split("\n").at(-1)).toMatch(
    /^wasm-dqn: All 2 trials failed: batchSize must be at most bufferSize.* \(2\)\.$/,
  );
  expect(rows(folder)).toHaveLength(3);
});

it("runs equal configurations once", () => {
  const folder = temporaryFolder();
  const twice = ["--recipe", "solve,solve", "--set", "gamma=0.9,0.90", "--seeds", "1-2"];
  const result = wasmDqn(folder, "sweep", ...twice, ...short);
  expect(result.stdout).toContain("| solve gamma=0.9 totalSteps=300 | 2 |");
  expect(rows(folder)).toHaveLength(3);
});

it("rejects a second --set of a key", () => {
  const twice = ["--set", "gamma=0.9", "--set", "gamma=0.8"];
  expect(wasmDqn(temporaryFolder(), "sweep", ...twice)).toEqual({
    code: 2,
    stdout: "",
    stderr: "wasm-dqn: --set gamma is given twice. List all of its values once, as in gamma=a,b.\n",
  });
});

it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s ends a sweep, which keeps its rows",
  async (signal) => {
    const folder = temporaryFolder();
    const sweep = begin(folder, ["sweep", "--seeds", "1-100000", ...short]);
    await expect.poll(() => sweep.says(), { timeout: 20_000 }).toContain("1 of 100,000 trials");
    sweep.kill(signal);
    expect(await sweep.ended).toBe(130);
    expect(sweep.says()).toMatch(
      /Interrupted\. The finished trials are in s\/results\.csv\. Run the same command again to continue\.\n$/,
    );
    const kept = rows(folder);
    expect(kept.length).toBeGreaterThan(1);
    for (const row of kept.slice(1)) expect(row).toMatch(/^solve,.*,[0-9a-f]{64},$/);
  },
  30_000,
);
