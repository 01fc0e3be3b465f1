import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main, temporaryFolder, wasmDqn } from "../cli/run.ts";
import { expectIntactRun } from "./intactRun.ts";
import { begin, runInMidst } from "./process.ts";
import { canMount, smallDisk } from "./smallDisk.ts";

const train = ["train", "--recipe", "tanh-64", "--learning-starts", "100", "--json"];
const unlimited = ["--total-episodes", "none", "--solved-by", "none"];

describe.skipIf(!canMount())("on a small disk", () => {
  it("a run ends when the disk is too full for a checkpoint, and resumes once there is space", () => {
    const disk = smallDisk(256);
    const args = [...train, "--total-steps", "9000", ...unlimited];
    const result = wasmDqn(disk.path, ...args, "--checkpoint-every", "500");
    expect(result).toMatchObject({ code: 1, stdout: "" });
    const [run = ""] = readdirSync(join(disk.path, "runs"));
    const path = join("runs", run);
    expect(result.stderr.trimEnd().split("\n").at(-1)).toBe(
      `wasm-dqn: Could not write ${path}/checkpoint.safetensors: the disk is full.`,
    );
    expect(expectIntactRun(join(disk.path, path))).toEqual([]);
    expect(readdirSync(join(disk.path, path))).toContain("checkpoint.safetensors");

    disk.resize(4096);
    const resumed = wasmDqn(disk.path, "train", "--json", "--resume", path);
    expect(resumed.code).toBe(0);
    const whole = wasmDqn(disk.path, ...args, "--out", "whole");
    const { weightsSha256 } = JSON.parse(whole.stdout);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ steps: 9000, weightsSha256 });
  });

  it("logs keep complete lines when the disk becomes full", () => {
    const disk = smallDisk(256);
    writeFileSync(join(disk.path, "filler"), new Uint8Array(256 * 1024 - 17 * 4096));
    const args = ["--log-interval", "1", "--total-steps", "200000", ...unlimited];
    const result = wasmDqn(disk.path, ...train, ...args);
    expect(result.code).toBe(1);
    expect(result.stderr.trimEnd().split("\n").at(-1)).toMatch(
      /^wasm-dqn: Could not write runs\/.*(episodes\.csv|metrics\.jsonl|events.*): the disk is full\.$/,
    );
    const run = join(disk.path, "runs", readdirSync(join(disk.path, "runs"))[0]!);
    expect(expectIntactRun(run)).toEqual([]);
  });

  it("a sweep keeps its rows when the disk becomes full, and continues once there is space", () => {
    const disk = smallDisk(64);
    writeFileSync(join(disk.path, "filler"), new Uint8Array(64 * 1024 - 3 * 4096));
    const args = ["sweep", "--seeds", "1-100", "--out", "s", "--set", "totalSteps=100"];
    const result = wasmDqn(disk.path, ...args);
    expect(result.code).toBe(1);
    expect(result.stderr.trimEnd().split("\n").at(-1)).toBe(
      "wasm-dqn: Could not write s/results.csv: the disk is full.",
    );
    expect(readdirSync(join(disk.path, "s"))).toEqual(["results.csv"]);
    const lines = readFileSync(join(disk.path, "s", "results.csv"), "utf8").split("\n");
    expect(lines.pop()).toBe("");
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines.slice(1)) expect(line).toMatch(/^solve,.*,[0-9a-f]{64},$/);
    disk.resize(256);
    const again = wasmDqn(disk.path, ...args);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain(`${lines.length - 1} of 100 trials have results already.`);
  });

  it("a run ends when the disk becomes read-only", async () => {
    const disk = smallDisk(4096);
    const command = begin(disk.path, [...train, ...unlimited, "--total-steps", "1000000000"]);
    const run = await runInMidst(command, join(disk.path, "runs"));
    disk.makeReadOnly();
    expect(await command.ended).toBe(1);
    expect(command.says().trimEnd().split("\n").at(-1)).toMatch(
      /^wasm-dqn: Could not write runs\/.*\/episodes\.csv: the disk is read-only\.$/,
    );
    expect(expectIntactRun(run)).toEqual([]);
  });
});

// Root may write to every folder, so root runs the command as an unprivileged user.
const root = process.getuid?.() === 0;
const nobody = root ? 65_534 : undefined;
const user = nobody === undefined ? {} : { uid: nobody, gid: nobody };
const able = spawnSync(process.execPath, [main, "--version"], user).status === 0;
if (!able)
  console.error(
    "SKIPPED: the test of a read-only folder, since unprivileged users cannot run node.",
  );

it.skipIf(!able)("a run ends with a message when its folder becomes read-only", async () => {
  const folder = temporaryFolder();
  if (nobody !== undefined) chownSync(folder, nobody, nobody);
  const endless = [...train, ...unlimited, "--total-steps", "1000000000"];
  const command = begin(folder, [...endless, "--checkpoint-every", "2000"], {}, nobody);
  const run = await runInMidst(command, join(folder, "runs"));
  await expect.poll(() => existsSync(join(run, "checkpoint.safetensors"))).toBe(true);
  chmodSync(run, 0o555);
  expect(await command.ended).toBe(1);
  chmodSync(run, 0o755);
  expect(command.says().trimEnd().split("\n").at(-1)).toMatch(
    /^wasm-dqn: Could not write runs\/.*\/checkpoint\.safetensors: permission denied\.$/,
  );
  // A half-written temporary file may be left: the run could not delete it.
  expectIntactRun(run);
});

it("a run ends with a message when its folder is deleted, and does not create it again", async () => {
  const folder = temporaryFolder();
  const command = begin(folder, [...train, ...unlimited, "--total-steps", "1000000000"]);
  const run = await runInMidst(command, join(folder, "runs"));
  rmSync(run, { recursive: true, maxRetries: 5 });
  expect(await command.ended).toBe(1);
  expect(command.says().trimEnd().split("\n").at(-1)).toMatch(
    // The files are deleted before the folder.
    /^wasm-dqn: Could not write runs\/.*: (its folder|it) does not exist\.$/,
  );
  expect(existsSync(run)).toBe(false);
});

it("a run ends with a message when its log is deleted, and does not create it again", async () => {
  const folder = temporaryFolder();
  const command = begin(folder, [...train, ...unlimited, "--total-steps", "1000000000"]);
  const run = await runInMidst(command, join(folder, "runs"));
  rmSync(join(run, "episodes.csv"));
  expect(await command.ended).toBe(1);
  expect(command.says()).toMatch(
    /wasm-dqn: Could not write .*\/episodes\.csv: it does not exist\.\n$/,
  );
  expect(readdirSync(run)).not.toContain("episodes.csv");
});

describe.skipIf(!existsSync("/dev/full"))("/dev/full", () => {
  it.each([
    [["recipes"]],
    [["random", "--episodes", "2", "--json"]],
    [["train", "--total-steps", "500", "--json"]],
  ])("as the output of %j ends it with a message", (args) => {
    const full = openSync("/dev/full", "w");
    const result = spawnSync(process.execPath, [main, ...args], {
      cwd: temporaryFolder(),
      encoding: "utf8",
      stdio: ["ignore", full, "pipe"],
    });
    closeSync(full);
    expect(result.stderr.trimEnd().split("\n").at(-1)).toBe(
      "wasm-dqn: Could not write to the standard output: the disk is full.",
    );
    expect(result.status).toBe(1);
  });

  it("as --out stays a device", () => {
    const folder = temporaryFolder();
    const { stdout } = wasmDqn(folder, "train", "--total-steps", "500", "--json");
    const policy = join(JSON.parse(stdout).runDirectory, "policy.safetensors");
    expect(wasmDqn(folder, "export", policy, "--out", "/dev/full")).toEqual({
      code: 1,
      stdout: "",
      stderr: "wasm-dqn: Could not write /dev/full: the disk is full.\n",
    });
    expect(statSync("/dev/full").isCharacterDevice()).toBe(true);
  });
});
