import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder, wasmDqn } from "./run.ts";

const wild = ["train", "--learning-rate", "1e30", "--optimizer", "sgd", "--learning-starts", "500"];

it("a run that diverges stops with a sentence; its last good checkpoint stays and can be resumed", () => {
  const folder = temporaryFolder();
  const flags = ["--total-steps", "4000", "--train-frequency", "500", "--checkpoint-every", "400"];
  const result = wasmDqn(folder, ...wild, ...flags);
  expect(result.stderr).toMatch(
    /^wasm-dqn: Training diverged by step \d+: .*, the largest weight is .*, in .*\. What it left is in runs\/.*\.\n$/,
  );
  expect(result.code).toBe(1);
  const run = join("runs", readdirSync(join(folder, "runs"))[0]!);
  expect(existsSync(join(folder, run, "policy.safetensors"))).toBe(false);
  const again = wasmDqn(folder, "train", "--resume", run);
  expect(again.stderr).toContain("Training diverged by step");
});

it("or burns on, if asked to", () => {
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

it("refuses another word", () => {
  const result = wasmDqn(temporaryFolder(), "train", "--on-divergence", "hope");
  expect(result).toMatchObject({ code: 2 });
  expect(result.stderr).toBe('wasm-dqn: --on-divergence must be stop or continue, got "hope".\n');
});
