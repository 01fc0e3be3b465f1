import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findDivergence } from "../../src/dqn/divergence.ts";
import { readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { temporaryFolder, wasmDqn } from "./run.ts";

const wild = ["train", "--learning-rate", "1e30", "--optimizer", "sgd", "--learning-starts", "500"];

it("stops a diverging run with a message and keeps its last good checkpoint, which resumes", () => {
  const folder = temporaryFolder();
  const flags = ["--total-steps", "4000", "--train-frequency", "500", "--checkpoint-every", "400"];
  const result = wasmDqn(folder, ...wild, ...flags);
  expect(result.stderr).toMatch(
    /^wasm-dqn: Training diverged by step \d+: .*, the largest weight is .*, in .*\. The logs and the last checkpoint are in runs\/.*\.\n$/,
  );
  expect(result.code).toBe(1);
  const run = join("runs", readdirSync(join(folder, "runs"))[0]!);
  expect(existsSync(join(folder, run, "policy.safetensors"))).toBe(false);
  const again = wasmDqn(folder, "train", "--resume", run);
  expect(again.stderr).toContain("Training diverged by step");
});

it.each([
  ["1e6", "adam"],
  ["1e30", "sgd"],
])(
  "reports divergence at learning rate %s with %s before the next log line, with an earlier checkpoint",
  (rate, optimizer) => {
    const folder = temporaryFolder();
    const flags = ["--learning-rate", rate, "--optimizer", optimizer, "--checkpoint-every", "100"];
    const result = wasmDqn(folder, "train", ...flags, "--learning-starts", "1050");
    expect(result.code).toBe(1);
    const sentence =
      /^wasm-dqn: Training diverged by step (\d+): .+, (the largest weight is .+, in fc\d\.(weight|bias)|no weight is finite and nonzero)\. .*\n$/;
    expect(result.stderr).toMatch(sentence);
    const step = Number(sentence.exec(result.stderr)?.[1]);
    const run = join(folder, "runs", readdirSync(join(folder, "runs"))[0]!);

    // Log lines are 10 episodes apart: no line is printed or logged for an episode after the divergence.
    const printed = [...result.stdout.matchAll(/^episode +(\d+) \| steps +([\d,]+)/gm)];
    const [, last = "", lastSteps = ""] = printed.at(-1) ?? [];
    const rows = readFileSync(join(run, "episodes.csv"), "utf8").trimEnd().split("\n").length - 1;
    expect(rows - Number(last)).toBeLessThanOrEqual(10);
    expect(Number(lastSteps.replace(",", ""))).toBeLessThan(step);
    expect(readFileSync(join(run, "metrics.jsonl"), "utf8")).not.toContain("null");

    const file = join(run, "checkpoint.safetensors");
    const resumed = resumeTraining(readCheckpoint(readFileSync(file), file));
    expect(step - resumed.steps).toBeLessThanOrEqual(100);
    expect(resumed.steps % 100).toBe(0);
    expect(findDivergence(resumed)).toBeNull();
  },
);

it("continues with --on-divergence continue", () => {
  const folder = temporaryFolder();
  const result = wasmDqn(
    folder,
    ...wild,
    "--total-steps",
    "1500",
    "--on-divergence",
    "continue",
    "--json",
  );
  expect(result.code).toBe(0);
  expect(JSON.parse(result.stdout)).toMatchObject({ steps: 1500, solved: false });
});

it("rejects another value of --on-divergence", () => {
  const result = wasmDqn(temporaryFolder(), "train", "--on-divergence", "hope");
  expect(result).toMatchObject({ code: 2 });
  expect(result.stderr).toBe('wasm-dqn: --on-divergence must be stop or continue, got "hope".\n');
});
