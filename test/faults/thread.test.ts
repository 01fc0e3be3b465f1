import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { TrialPool } from "../../src/sweep/pool.ts";
import { temporaryFolder, wasmDqn } from "../cli/run.ts";

it.each([1, 2])(
  "a worker thread that dies fails only its trial, in a pool of %i",
  async (workers) => {
    const module = new URL("dyingTrial.mjs", import.meta.url);
    const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 };
    const pool = new TrialPool(workers, { module, resourceLimits });
    const seeds = Array.from({ length: 12 }, (_, k) => k + 1);
    const results = await Promise.all(
      seeds.map((seed) => pool.run({ recipe: "solve", changes: {}, seed })),
    );
    // The remaining threads run the remaining trials.
    const later = await pool.run({ recipe: "solve", changes: {}, seed: 13 });
    await pool.close();
    const errors = Object.fromEntries(results.map(({ error, seed }) => [seed, error]));
    expect(later.error).toBe("");
    expect(seeds.filter((seed) => errors[seed] !== "")).toEqual([3, 5, 7]);
    expect(errors[3]).toBe("The worker thread ended with exit code 7.");
    expect(errors[5]).toMatch(/reaching memory limit/);
    expect(errors[7]).toBe("thrown after the trial's own code had returned");
  },
  30_000,
);

it("rejects the trial if its worker thread cannot start", async () => {
  const pool = new TrialPool(1, { module: new URL("missing.mjs", import.meta.url) });
  await expect(pool.run({ recipe: "solve", changes: {}, seed: 1 })).rejects.toThrow(
    /^A worker thread could not start: .*missing\.mjs/,
  );
  await pool.close();
});

/** A module with an environment that runs `deed` in its 100th step. */
const environment = (deed: string) => `
let steps = 0;
export default () => ({
  observationSize: 1,
  actionCount: 2,
  reset: () => [0],
  step() {
    if (++steps === 100) ${deed};
    return { observation: [0], reward: 1, terminated: steps % 10 === 0, truncated: false };
  },
});`;

it.each([
  ["setTimeout(() => { throw new Error('too late') })", /^wasm-dqn: env\.mjs:8: too late\.\n$/],
  ["Promise.reject(new Error('broken promise'))", /^wasm-dqn: env\.mjs:8: broken promise\.\n$/],
  ["process.exit()", /^wasm-dqn: The environment ended the process after step 99\.\n$/],
])("an environment that runs %s ends the run with a message", (deed, message) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "env.mjs"), environment(deed));
  const result = wasmDqn(folder, "train", "--env", "./env.mjs", "--total-steps", "100000");
  expect(result.stderr).toMatch(message);
  expect(result.code).toBe(1);
});
