import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { RandomStream } from "../../src/numerics/random.ts";
import { main, temporaryFolder, wasmDqn } from "./run.ts";

const flags = ["--recipe", "tanh-64", "--learning-starts", "100", "--total-episodes", "none"];
const train = ["train", "--json", ...flags];

interface Result {
  readonly weightsSha256: string;
  readonly steps: number;
  readonly episodes: number;
  readonly runDirectory: string;
}

const read = (stdout: string) => JSON.parse(stdout) as Result;
const lines = (folder: string, run: string, file: string) =>
  readFileSync(join(folder, run, file), "utf8")
    .trimEnd()
    .split("\n");

/** The rows of metrics.jsonl without the time. */
const metrics = (folder: string, run: string) =>
  lines(folder, run, "metrics.jsonl").map((line) => ({ ...JSON.parse(line), "time/fps": 0 }));

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Starts a run and sends a signal once `ready` resolves. Returns the exit code. */
async function interrupted(
  folder: string,
  args: string[],
  signal: NodeJS.Signals,
  ready: () => Promise<unknown>,
) {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, stdio: "ignore" });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  await ready();
  child.kill(signal);
  return ended;
}

it("resumes with more steps in the same folder, to the same end as an uninterrupted run", () => {
  const folder = temporaryFolder();
  const first = read(wasmDqn(folder, ...train, "--total-steps", "6000").stdout);
  const resume = ["train", "--json", "--resume", first.runDirectory];
  const finished = wasmDqn(folder, ...resume);
  expect(finished.code).toBe(0);
  expect(finished.stderr).toContain("is finished at step 6000");
  const more = read(wasmDqn(folder, ...resume, "--total-steps", "9000", "--backend", "js").stdout);
  const whole = read(wasmDqn(folder, ...train, "--total-steps", "9000").stdout);
  expect(more).toMatchObject({ steps: 9000, runDirectory: first.runDirectory });
  expect(more.weightsSha256).toBe(whole.weightsSha256);
  const rows = (run: Result) =>
    lines(folder, run.runDirectory, "episodes.csv").map((row) => row.replace(/[^,]*$/, ""));
  expect(rows(more)).toEqual(rows(whole));
  expect(metrics(folder, more.runDirectory)).toEqual(metrics(folder, whole.runDirectory));
});

it("saves a checkpoint on Ctrl-C and exits with 130", async () => {
  const folder = temporaryFolder();
  const args = [...train, "--total-steps", "300000", "--solved-by", "none"];
  const code = await interrupted(folder, args, "SIGINT", async () => {
    for (let training = false; !training; await wait(20)) {
      const runs = existsSync(join(folder, "runs")) ? readdirSync(join(folder, "runs")) : [];
      const csv = join(folder, "runs", runs[0] ?? "", "episodes.csv");
      training = existsSync(csv) && statSync(csv).size > 1000;
    }
  });
  expect(code).toBe(130);
  const [run = ""] = readdirSync(join(folder, "runs"));
  expect(readdirSync(join(folder, "runs", run))).toContain("checkpoint.safetensors");
  const rows = lines(folder, join("runs", run), "episodes.csv").length;
  const path = join("runs", run);
  const result = wasmDqn(folder, "train", "--json", "--resume", path, "--total-steps", "300001");
  expect(result.code).toBe(0);
  expect(lines(folder, path, "episodes.csv").length).toBeGreaterThan(rows);
});

it("resumes a killed run from its newest checkpoint to the same bits", async () => {
  const folder = temporaryFolder();
  const steps = ["--total-steps", "40000", "--prioritized", "true"];
  const whole = read(wasmDqn(folder, ...train, ...steps, "--out", "whole").stdout);
  const random = new RandomStream(new Uint32Array(4)).seed(9);
  const every = ["--checkpoint-every", "1000"];
  let args = [...train, ...steps, ...every, "--out", "killed"];
  let run = "";
  for (let kill = 0; kill < 8; kill++) {
    await interrupted(folder, args, "SIGKILL", () => wait(150 + random.nextBelow(350)));
    if (existsSync(join(folder, "killed"))) [run = ""] = readdirSync(join(folder, "killed"));
    const checkpoint = join(folder, "killed", run, "checkpoint.safetensors");
    if (run !== "" && existsSync(checkpoint)) {
      args = ["train", "--json", "--resume", join("killed", run), ...every];
    } else {
      run = "";
    }
  }
  const last = wasmDqn(folder, ...args, "--total-steps", "40000");
  const hash = last.stderr.includes("is finished")
    ? read(wasmDqn(folder, ...args, "--total-steps", "40001").stdout)
    : read(last.stdout);
  const expected =
    hash.steps === 40_000
      ? whole
      : read(wasmDqn(folder, ...train, "--prioritized", "true", "--total-steps", "40001").stdout);
  expect(hash.weightsSha256).toBe(expected.weightsSha256);
  expect(metrics(folder, hash.runDirectory)).toEqual(metrics(folder, expected.runDirectory));
  const numbers = lines(folder, hash.runDirectory, "episodes.csv")
    .slice(1)
    .map((row) => Number(row.split(",")[0]));
  expect(numbers).toEqual(numbers.map((_, k) => k + 1));
});

it.each([
  [["--resume", "nothing"], 1, /^wasm-dqn: There is no checkpoint nothing\.\n$/],
  [["--resume", "damaged.safetensors"], 1, /^wasm-dqn: damaged\.safetensors is not a readable/],
  [["--resume", "damaged.safetensors", "--gamma", "0.5"], 2, /^wasm-dqn: gamma cannot change/],
  [["--resume", "damaged.safetensors", "--recipe", "solve"], 2, /^wasm-dqn: recipe cannot change/],
  [["--checkpoint-every", "0"], 2, /^wasm-dqn: --checkpoint-every must be a whole number/],
])("rejects train %j", (args, code, message) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "damaged.safetensors"), "not a checkpoint");
  const result = wasmDqn(folder, "train", ...args);
  expect(result.stderr).toMatch(message);
  expect(result.code).toBe(code);
});
