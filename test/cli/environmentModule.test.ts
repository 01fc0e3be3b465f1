import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder, wasmDqn } from "./run.ts";

/** The example, read from the guide. */
function corridor(): string {
  const example = /```ts\n(\/\/ corridor\.ts[\s\S]*?)```/.exec(
    readFileSync("docs/your-own-game.md", "utf8"),
  );
  expect(example).not.toBeNull();
  return example![1]!;
}

function folderWith(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const js = `export default class { observationSize = 1; actionCount = 2; reset() { return [0]; }
  step(action) { return { observation: [0], reward: action, terminated: true, truncated: false }; } }`;

describe("a custom environment", () => {
  it("trains the TypeScript corridor of docs/your-own-game.md to success, evaluates it and plays it at random", () => {
    const folder = folderWith({ "corridor.ts": corridor() });
    const flags = ["--env", "./corridor.ts", "--total-steps", "5000", "--solved-threshold", "0.19"];
    const { code, stderr, stdout } = wasmDqn(folder, "train", "--json", ...flags);
    expect([code, stderr.includes("wasm-dqn:")]).toEqual([0, false]);
    const run = JSON.parse(stdout) as Record<string, unknown> & { runDirectory: string };
    expect(run).toMatchObject({ env: "corridor", solved: true });
    expect(run.evaluation).toEqual({
      ...{ episodes: 100, meanReturn: expect.closeTo(0.2, 6), capped: 0 },
    });
    expect(run.runDirectory).toMatch(/^runs\/corridor__solve__1__/);

    const policy = join(run.runDirectory, "policy.safetensors");
    const played = wasmDqn(folder, "evaluate", policy, "--env", "./corridor.ts", "--json");
    expect(JSON.parse(played.stdout)).toMatchObject({ meanReturn: expect.closeTo(0.2, 6) });
    expect(wasmDqn(folder, "evaluate", policy)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('trained in "corridor"'),
    });
    const random = wasmDqn(folder, "random", "--env", "./corridor.ts", "--json");
    expect((JSON.parse(random.stdout) as { meanReturn: number }).meanReturn).toBeLessThan(0);
  });

  it("prints sums of decimal fractions without rounding errors", () => {
    const third = js.replace(
      "reward: action, terminated: true",
      "reward: 0.1, terminated: ++this.k % 3 === 0",
    );
    const folder = folderWith({
      "thirds.mjs": third.replace("{ observationSize", "{ k = 0; observationSize"),
    });
    const { stdout } = wasmDqn(folder, "random", "--env", "./thirds.mjs", "--episodes", "1000");
    expect(stdout).toBe(
      "Random actions in thirds, 1,000 episodes: mean return 0.30 +- 0.00, from 0.3 to 0.3\n",
    );
  });

  it.each([
    ["JavaScript", "coin.mjs", js],
    ["CommonJS", "coin.cjs", js.replace("export default", "module.exports =")],
  ])("accepts a %s class", (_, name, text) => {
    const folder = folderWith({ [name]: text });
    const flags = ["--env", name, "--total-steps", "600", "--solved-by", "none"];
    const { stdout } = wasmDqn(folder, "train", "--json", ...flags);
    expect(JSON.parse(stdout)).toMatchObject({ episodes: 600, evaluation: { meanReturn: 1 } });
  });

  it("says how many final episodes the step limit stopped", () => {
    const endless = js.replace(/terminated: [^,]+/, "terminated: false");
    expect(endless).not.toBe(js);
    const folder = folderWith({ "endless.mjs": endless });
    const flags = ["--env", "endless.mjs", "--total-steps", "600", "--solved-by", "none"];
    const sentence =
      "100 of 100 episodes were stopped at 10,000 steps, because the environment has no time limit.";
    expect(wasmDqn(folder, "train", ...flags).stdout).toContain(`\n  ${sentence}\n`);
    const { stdout } = wasmDqn(folder, "train", "--json", ...flags);
    expect(JSON.parse(stdout)).toMatchObject({ evaluation: { capped: 100 } });
  });

  it.each([
    ["none.ts", /There is no environment module none.ts/],
    ["syntax.ts", /The environment module syntax.ts could not be loaded: \S/],
    [
      "object.ts",
      /The environment module object.ts must have a default export, a class or function .* got object/,
    ],
    ["empty.ts", /must have a default export, a class or function that makes .*, got none\.$/m],
    [
      "late.mjs",
      /The environment late, episode 3, step 1: expected observation\[0\] to be a finite number, got NaN/,
    ],
  ])("rejects %s with one sentence and exit code 1", (name, message) => {
    const folder = folderWith({
      "syntax.ts": "export default function (",
      "object.ts": "export default { observationSize: 1 };",
      "empty.ts": "",
      "late.mjs": js
        .replace("reset()", "n = 0; reset()")
        .replace("observation: [0]", "observation: [++this.n > 2 ? NaN : 0]"),
    });
    const { code, stderr } = wasmDqn(folder, "train", "--env", name, "--total-steps", "50");
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  });
});

describe("train --init-from", () => {
  const short = ["--json", "--total-steps", "50", "--learning-starts", "100"];
  const train = (folder: string, ...flags: string[]) =>
    wasmDqn(folder, "train", ...short, ...flags);

  it("starts with the weights of a saved policy", () => {
    const folder = temporaryFolder();
    const first = JSON.parse(train(folder, "--seed", "3").stdout) as Record<string, string>;
    const policy = join(first.runDirectory!, "policy.safetensors");
    const second = JSON.parse(train(folder, "--seed", "4", "--init-from", policy).stdout) as object;
    expect(second).toMatchObject({ seed: 4, updates: 0, weightsSha256: first.weightsSha256 });
  });

  it("rejects a policy of another shape and a missing one", () => {
    const folder = temporaryFolder();
    const first = JSON.parse(train(folder).stdout) as Record<string, string>;
    const policy = join(first.runDirectory!, "policy.safetensors");
    const other = train(folder, "--hidden-sizes", "7", "--init-from", policy);
    expect(other.stderr).toMatch(/must hold the float32 tensors fc1.weight \[7,4\]/);
    expect(other.code).toBe(1);
    const none = train(folder, "--init-from", "none");
    expect([none.code, none.stderr]).toEqual([1, "wasm-dqn: There is no policy file none.\n"]);
  });
});

it("`batchnorm-huber` keeps the policy of its longest episode", () => {
  const folder = temporaryFolder();
  const flags = ["--recipe", "batchnorm-huber", "--total-episodes", "5", "--json"];
  const { stdout } = wasmDqn(folder, "train", ...flags);
  const { runDirectory } = JSON.parse(stdout) as { runDirectory: string };
  const played = wasmDqn(folder, "evaluate", join(runDirectory, "longest.safetensors"), "--json");
  expect(JSON.parse(played.stdout)).toMatchObject({ episodes: 100 });
});
