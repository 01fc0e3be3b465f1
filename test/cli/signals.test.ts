import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readCheckpoint } from "../../src/formats/checkpoint.ts";
import { begin, type RunningCommand, runInMidst, wait } from "../faults/process.ts";
import { main, temporaryFolder, wasmDqn } from "./run.ts";

const steps = ["--total-steps", "1000000", "--solved-by", "none"];

/** An environment that writes the file `stuck` in a step and then never returns from it. */
const endless = `
import { writeFileSync } from "node:fs";
let steps = 0;
export default () => ({
  observationSize: 1,
  actionCount: 2,
  reset: () => [0],
  step() {
    if (++steps === 300) {
      writeFileSync("stuck", "");
      for (;;);
    }
    return { observation: [0], reward: 1, terminated: steps % 10 === 0, truncated: false };
  },
});`;

function checkpointIn(run: string) {
  return readCheckpoint(readFileSync(join(run, "checkpoint.safetensors")), "file");
}

async function fileAppears(path: string, command: RunningCommand): Promise<void> {
  let over = false;
  void command.ended.then(() => {
    over = true;
  });
  while (!existsSync(path)) {
    if (over) throw new Error(`It ended before: ${command.says()}`);
    await wait(20);
  }
}

it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "train saves a checkpoint on %s and exits with 130",
  async (signal) => {
    const folder = temporaryFolder();
    const command = begin(folder, ["train", ...steps, "--checkpoint-every", "none"]);
    const run = await runInMidst(command, join(folder, "runs"));
    command.kill(signal);
    expect(await command.ended).toBe(130);
    expect(checkpointIn(run).counters.steps).toBeGreaterThan(0);
    expect(command.says()).toBe("");
  },
);

it.skipIf(process.platform !== "linux")(
  "train leaves a checkpoint and does not abort when its terminal is closed",
  async () => {
    const folder = temporaryFolder();
    const train = `"${process.execPath}" "${main}" train ${steps.join(" ")} --checkpoint-every none`;
    writeFileSync(join(folder, "in-terminal"), `trap "" HUP; ${train}; echo $? > code`);
    const terminal = spawn("script", ["-qc", "sh in-terminal", "/dev/null"], { cwd: folder });
    const runs = join(folder, "runs");
    await expect.poll(() => existsSync(runs) && readdirSync(runs).length).toBe(1);
    const [run = ""] = readdirSync(runs);
    const log = join(runs, run, "episodes.csv");
    await expect.poll(() => existsSync(log) && readFileSync(log, "utf8")).toMatch(/\n1,/);
    terminal.kill("SIGKILL");
    const code = join(folder, "code");
    await expect.poll(() => existsSync(code) && readFileSync(code, "utf8")).toBe("129\n");
    expect(checkpointIn(join(runs, run)).counters.steps).toBeGreaterThan(0);
  },
);

it("train stops between two updates of a step, and resumes there", async () => {
  const folder = temporaryFolder();
  const wide = ["--gradient-steps", "100000", "--hidden-sizes", "256,256"];
  const more = ["--learning-starts", "100", "--checkpoint-every", "none"];
  const command = begin(folder, ["train", ...steps, ...wide, ...more]);
  const runs = join(folder, "runs");
  await fileAppears(runs, command);
  const run = join(runs, readdirSync(runs)[0] ?? "");
  await fileAppears(join(run, "run.json"), command);
  await wait(1_000);
  command.kill("SIGINT");
  expect(await command.ended).toBe(130);
  const { updatesDue, updates } = checkpointIn(run).counters;
  expect(updatesDue).toBeGreaterThan(0);

  const saved = () => statSync(join(run, "checkpoint.safetensors")).mtimeMs;
  const before = saved();
  const resumed = begin(folder, ["train", "--resume", run]);
  // A run saves a checkpoint when it starts.
  while (saved() === before) await wait(20);
  await wait(1_000);
  resumed.kill("SIGINT");
  expect(await resumed.ended).toBe(130);
  const { counters } = checkpointIn(run);
  expect(counters.updates).toBeGreaterThan(updates);
  expect(counters.updates + counters.updatesDue).toBe(updates + updatesDue);
});

it("train stops between two episodes of an evaluation", async () => {
  const folder = temporaryFolder();
  const evaluation = ["--eval-every", "500", "--eval-episodes", "100000"];
  const command = begin(folder, ["train", ...steps, ...evaluation, "--max-episode-steps", "0"]);
  await runInMidst(command, join(folder, "runs")).catch(() => "");
  command.kill("SIGINT");
  expect(await command.ended).toBe(130);
  const [run = ""] = readdirSync(join(folder, "runs"));
  expect(checkpointIn(join(folder, "runs", run)).counters).toMatchObject({
    steps: 500,
    midStep: true,
  });
});

it("a second Ctrl-C ends a run whose environment hangs", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "endless.mjs"), endless);
  const command = begin(folder, ["train", ...steps, "--env", "./endless.mjs"]);
  await fileAppears(join(folder, "stuck"), command);
  command.kill("SIGINT");
  await wait(200);
  command.kill("SIGINT");
  expect(await command.ended).toBe(130);
});

it("Ctrl-C ends random and evaluate", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "endless.mjs"), endless);
  const random = begin(folder, ["random", "--env", "./endless.mjs"]);
  await fileAppears(join(folder, "stuck"), random);
  random.kill("SIGINT");
  expect(await random.ended).toBe(130);
  const trained = wasmDqn(folder, "train", "--json");
  const { runDirectory } = JSON.parse(trained.stdout) as { runDirectory: string };
  const policy = join(runDirectory, "policy.safetensors");
  const evaluate = begin(folder, ["evaluate", policy, "--episodes", "1000000"]);
  await wait(1_000);
  evaluate.kill("SIGTERM");
  expect(await evaluate.ended).toBe(130);
});

it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "a sweep keeps its rows on %s",
  async (signal) => {
    const folder = temporaryFolder();
    const command = begin(folder, ["sweep", "--seeds", "1-10000", "--workers", "1", "--out", "s"]);
    const results = join(folder, "s", "results.csv");
    await fileAppears(results, command);
    while (readFileSync(results, "utf8").split("\n").length < 4) await wait(20);
    command.kill(signal);
    expect(await command.ended).toBe(130);
    expect(command.says()).toContain("Interrupted. The finished trials are in");
    expect(readdirSync(join(folder, "s"))).toEqual(["results.csv"]);
  },
);
