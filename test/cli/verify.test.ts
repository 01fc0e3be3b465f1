import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import { temporaryFolder, wasmDqn } from "./run.ts";

const short = ["--total-steps", "900", "--learning-starts", "50", "--solved-by", "none"];

/** Trains in `folder`. Returns the run folder. */
function run(folder: string, ...flags: string[]): string {
  const { code, stderr, stdout } = wasmDqn(folder, "train", ...short, "--json", ...flags);
  expect(code, stderr).toBe(0);
  return (JSON.parse(stdout) as { runDirectory: string }).runDirectory;
}

it("verifies the policies of a run folder", () => {
  const folder = temporaryFolder();
  const path = run(folder, "--eval-every", "300", "--eval-episodes", "2", "--save-longest", "0");
  for (const file of ["", "/policy.safetensors", "/best.safetensors", "/longest.safetensors"]) {
    const { code, stderr, stdout } = wasmDqn(folder, "verify", path + file);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^Training CartPole-v1 again with seed 1, to step \d+ of .*\nThe weights agree: \d+ steps and \d+ updates, in [\d.]+ s\.\n {2}weights [\da-f]{64}\n$/,
    );
  }
});

it("prints JSON on both backends, and says whether the run was solved", () => {
  const folder = temporaryFolder();
  const { stdout } = wasmDqn(folder, "train", "--seed", "3", "--json");
  const { runDirectory, steps, updates, weightsSha256 } = JSON.parse(stdout);
  for (const backend of ["wasm", "js"]) {
    const result = wasmDqn(folder, "verify", runDirectory, "--backend", backend, "--json");
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout)).toEqual({
      ...{ matches: true, file: `${runDirectory}/policy.safetensors`, env: "CartPole-v1", seed: 3 },
      ...{ steps, updates, solved: true, stored: weightsSha256, trained: weightsSha256, backend },
      seconds: expect.any(Number),
    });
  }
});

it("trains with PQN, resumes within a rollout to the same weights, and verifies them", () => {
  const folder = temporaryFolder();
  const train = (...flags: string[]) => {
    const { code, stderr, stdout } = wasmDqn(folder, "train", "--json", ...flags);
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout) as { runDirectory: string; updates: number; weightsSha256: string };
  };
  // A rollout of the recipe has 256 steps.
  const whole = train("--recipe", "pqn", "--solved-by", "none", "--total-steps", "5000");
  expect(whole.updates).toBeGreaterThan(100);
  const { runDirectory } = train("--recipe", "pqn", "--solved-by", "none", "--total-steps", "2100");
  const resumed = train("--resume", runDirectory, "--total-steps", "5000");
  expect(resumed.weightsSha256).toBe(whole.weightsSha256);
  expect(wasmDqn(folder, "verify", runDirectory).stdout).toContain("The weights agree: 5,000");
});

it("exits with 1 and both sums if the weights differ", () => {
  const folder = temporaryFolder();
  const path = join(folder, run(folder), "policy.safetensors");
  const { metadata, tensors } = decodeTensors(readFileSync(path), path);
  const { wasm_dqn_crc32: _, ...rest } = metadata;
  tensors[0]!.values[0]! += 0.001;
  writeFileSync(path, encodeSafetensors({ metadata: rest, tensors }));
  const text = wasmDqn(folder, "verify", path);
  expect(text.code).toBe(1);
  const sentence =
    /^wasm-dqn: The weights differ: ([\da-f]{64}) stored, ([\da-f]{64}) trained\.\n$/;
  const [, stored, trained] = sentence.exec(text.stderr) ?? [];
  const json = wasmDqn(folder, "verify", path, "--json");
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({ matches: false, stored, trained });
});

it("refuses a run that began with the weights of another", () => {
  const folder = temporaryFolder();
  const first = run(folder);
  const second = run(folder, "--init-from", first);
  const { code, stderr } = wasmDqn(folder, "verify", second);
  expect([code, stderr]).toEqual([
    1,
    `wasm-dqn: ${second}/policy.safetensors cannot be verified: its weights also depend on the policy of --init-from.\n`,
  ]);
});

it("verifies games and your own environments, with a warning if the module has changed", () => {
  const folder = temporaryFolder();
  expect(wasmDqn(folder, "verify", run(folder, "--env", "FrozenLake")).code).toBe(0);
  const module = join(folder, "walk.mjs");
  const source = `export default class Walk {
    observationSize = 1; actionCount = 2; place = 0;
    reset() { this.place = 0; return [0]; }
    step(action) {
      this.place += action ? 1 : -1;
      return { observation: [this.place], reward: 1, terminated: Math.abs(this.place) > 3, truncated: false };
    }
  }\n`;
  writeFileSync(module, source);
  const path = run(folder, "--env", module);
  const missing = wasmDqn(folder, "verify", path);
  expect([missing.code, missing.stderr]).toEqual([
    1,
    `wasm-dqn: ${path}/policy.safetensors was trained in "Walk", which is not built in: give its module (--env) or class.\n`,
  ]);
  expect(wasmDqn(folder, "verify", path, "--env", module)).toMatchObject({ code: 0, stderr: "" });
  writeFileSync(module, `${source}// changed\n`);
  const changed = wasmDqn(folder, "verify", path, "--env", module);
  expect(changed.code).toBe(0);
  expect(changed.stderr).toMatch(/^The module of Walk has changed since/);
  const other = wasmDqn(folder, "verify", path, "--env", "CartPole-v1");
  expect([other.code, other.stderr]).toEqual([
    1,
    `wasm-dqn: ${path}/policy.safetensors needs the environment Walk, got CartPole-v1.\n`,
  ]);
});

it("rejects wrong usage with 2 and unreadable files with 1", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "empty"));
  expect(wasmDqn(folder, "verify").code).toBe(2);
  const backend = wasmDqn(folder, "verify", "x", "--backend", "wasm-fma");
  expect([backend.code, backend.stderr]).toEqual([
    2,
    'wasm-dqn: --backend must be wasm or js, got "wasm-fma".\n',
  ]);
  const empty = wasmDqn(folder, "verify", "empty");
  expect([empty.code, empty.stderr]).toEqual([
    1,
    "wasm-dqn: There is no policy file empty/policy.safetensors.\n",
  ]);
  const path = join(folder, run(folder));
  copyFileSync(join(path, "checkpoint.safetensors"), join(path, "policy.safetensors"));
  expect(wasmDqn(folder, "verify", path).stderr).toMatch(/is not a policy of wasm-dqn\.\n$/);
});
