import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { encodePolicy } from "../../src/policy/policy.ts";
import { encodeCheckpoint } from "../../src/training/checkpoint.ts";
import { configKeys, defaults } from "../../src/training/config.ts";
import { Training } from "../../src/training/training.ts";
import { main } from "../cli/run.ts";
import { lastingFolder } from "./folder.ts";
import { fuzz } from "./fuzz.ts";

const parent = lastingFolder();
const folder = join(parent, "inside");
const training = new Training({ ...defaults, totalSteps: 30, bufferSize: 64 });
training.advance(30);
const policy = encodePolicy(training);
const checkpoint = encodeCheckpoint(training, "solve");

const keys = configKeys.map((key) => key.replace(/[A-Z]/g, (one) => `-${one.toLowerCase()}`));
const values = [
  ...[
    "0",
    "1",
    "-1",
    "1e9",
    "1e999",
    "NaN",
    "none",
    "",
    " ",
    "true",
    "relu",
    "3,4",
    "=1",
    "x/y.ts",
  ],
  ...["\u001b[31m", "a\nb", "__proto__", "../x", "policy.safetensors", "config.json", "."],
];
const lines: readonly (readonly string[])[] = [
  ["train", "--resume", "run"],
  ["train", "--config", "config.json", "--out", "runs"],
  ["train", "--init-from", "policy.safetensors", "--hidden-sizes", "64,64"],
  ["evaluate", "policy.safetensors", "--episodes", "2"],
  ["play", "policy.safetensors", "--svg", "film.svg"],
  ["export", "policy.safetensors"],
  ["plot", "run"],
  ["sweep", "--seeds", "1", "--workers", "1", "--out", "swept", "--set", "totalSteps=20"],
  ["random", "--episodes", "2"],
  ["recipes"],
  ["worker", "--queue"],
  ["", "--help", "x"],
];

/** Processes as a user starts them, with flags and files that are broken. */
fuzz("command lines of processes", 24, (mutator) => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "run"), { recursive: true });
  const write = (name: string, whole: Uint8Array) =>
    writeFileSync(join(folder, name), mutator.below(2) === 0 ? mutator.bytes(whole) : whole);
  write("policy.safetensors", policy);
  write("run/checkpoint.safetensors", checkpoint);
  write("config.json", new TextEncoder().encode('{"totalSteps":30,"solvedBy":"none"}'));
  const args = [...mutator.pick(lines)];
  for (let left = mutator.below(3); left > 0; left--) {
    args.splice(mutator.below(args.length + 1), 0, `--${mutator.pick(keys)}`, mutator.pick(values));
  }
  if (args.includes("train")) args.push("--total-steps", "40", "--solved-by", "none");
  const read = () => {
    const options = { cwd: folder, encoding: "utf8", timeout: 50_000 } as const;
    const { signal, status, stderr } = spawnSync(process.execPath, [main, ...args], options);
    expect(signal).toBeNull();
    expect([0, 1, 2]).toContain(status);
    expect(stderr).not.toMatch(/^\s+at /m);
    if (status !== 0) expect(stderr).toMatch(/(^|\n)wasm-dqn: [^\n]+\n$/);
    expect(readdirSync(parent)).toEqual(["inside"]);
  };
  return { size: 0, read, shown: JSON.stringify(args) };
});
