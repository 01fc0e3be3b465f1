import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { RunFolder } from "../../src/runs/runFolder.ts";
import { temporaryFolder, wasmDqn } from "../cli/run.ts";
import { episodeNumbers, expectIntactRun } from "./intactRun.ts";
import { begin } from "./process.ts";

const clock = new URL("clockGoesBack.mjs", import.meta.url).href;
const backwards = { NODE_OPTIONS: `--import ${clock}` };
const train = [
  "train",
  "--recipe",
  "tanh-64",
  "--learning-starts",
  "100",
  "--total-episodes",
  "none",
];

/** Timestamps of the records of an event file. */
function eventTimes(path: string): number[] {
  const bytes = readFileSync(path);
  const times: number[] = [];
  for (let start = 0; start < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(start));
    // The first field of an event is its time, a double.
    expect(bytes[start + 12]).toBe(0x09);
    times.push(bytes.readDoubleLE(start + 13));
    start += 16 + length;
  }
  return times;
}

it("a clock that runs backwards does not change a run that is resumed twice", async () => {
  const folder = temporaryFolder();
  const ended = async (...args: string[]) => {
    const command = begin(folder, args, backwards);
    expect(await command.ended, command.says()).toBe(0);
  };
  await ended(...train, "--total-steps", "2000");
  const [run = ""] = readdirSync(join(folder, "runs"));
  const path = join(folder, "runs", run);
  await ended("train", "--resume", path, "--total-steps", "4000");
  await ended("train", "--resume", path, "--total-steps", "6000");
  const whole = JSON.parse(
    wasmDqn(folder, ...train, "--total-steps", "6000", "--out", "whole", "--json").stdout,
  );
  const policy = (at: string) => readFileSync(join(at, "policy.safetensors"));
  expect(policy(path).equals(policy(join(folder, whole.runDirectory)))).toBe(true);
  expect(expectIntactRun(path)).toEqual([]);
  const numbers = episodeNumbers(path);
  expect(numbers).toEqual(numbers.map((_, k) => k + 1));

  const events = readdirSync(path)
    .filter((name) => name.startsWith("events"))
    .sort();
  expect(events).toHaveLength(3);
  const times = events.map((name) => eventTimes(join(path, name)));
  for (const list of [...times, times.map(([first = 0]) => first)]) {
    expect(list).toEqual([...list].sort((a, b) => a - b));
  }
  const seconds = readFileSync(join(path, "episodes.csv"), "utf8")
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((row) => Number(row.split(",")[7]));
  expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
});

it("runs with the same name and time get separate folders", () => {
  const out = temporaryFolder();
  const run = { out, env: "e", recipe: "r", seed: 1, time: new Date(0) };
  const folders = [RunFolder.create(run), RunFolder.create(run), RunFolder.create(run)];
  expect(new Set(folders.map(({ path }) => path)).size).toBe(3);
});
