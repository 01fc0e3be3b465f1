import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { readValues } from "../../src/cli/configFlags.ts";
import { configKeys } from "../../src/config/config.ts";
import { chartSvg } from "../../src/plots/chart.ts";
import { identify } from "../../src/sweep/configuration.ts";
import { planTrials, readSeeds } from "../../src/sweep/plan.ts";
import type { TrialAnswer, TrialOrder } from "../../src/sweep/pool.ts";
import { readOutcome, readTrial } from "../../src/sweep/readTrial.ts";
import { summarizeSweep, summaryTable } from "../../src/sweep/report.ts";
import { ResultsFile } from "../../src/sweep/resultsFile.ts";
import { runTrial } from "../../src/sweep/runTrial.ts";
import { runJob } from "../../src/sweep/serveTrials.ts";
import { sweepPanels } from "../../src/sweep/sweepPanels.ts";
import { type Trial, type TrialResult, trialName } from "../../src/sweep/trial.ts";
import { lastingFolder } from "./folder.ts";
import { fuzz, fuzzAsync, property } from "./fuzz.ts";

const trials = planTrials({
  ...{ recipes: ["solve"], seeds: [1, 2], samples: null },
  values: { gamma: [0.5, 0.9], hiddenSizes: [[3, 4]] },
});

const results = trials.map(
  (trial): TrialResult => ({
    ...{ ...trial, solved: trial.seed === 1, steps: 900 * trial.seed, episodes: 20, seconds: 0.25 },
    ...{ meanReturn100: 99.5, finalReturn: 500 - trial.seed, weightsSha256: "5".repeat(64) },
    error: trial.seed === 2 ? 'a "quoted", cell\nof two lines' : "",
  }),
);

const folder = lastingFolder();
const path = join(folder, "results.csv");

function written(): string {
  rmSync(path, { force: true });
  const file = new ResultsFile(folder, "1.0.0");
  for (const result of results) file.add(result);
  return readFileSync(path, "utf8");
}

const whole = written();

/** Reads, completes and reports the file of a stopped sweep. */
function completeSweep(): void {
  const file = new ResultsFile(folder, "1.0.0");
  const found = trials.map((trial, k) => file.get(trial) ?? results[k]!);
  for (const result of found) if (file.get(result) === undefined) file.add(result);
  file.sort(trials);
  const panels = sweepPanels(found);
  expect(summaryTable(summarizeSweep(found)).join("\n")).not.toContain("undefined");
  if (panels.length > 0) expect(chartSvg(panels, 2, "sweep")).not.toMatch(/NaN|undefined/);
  // The completed file contains all trials.
  const again = new ResultsFile(folder, "1.0.0");
  expect(trials.every((trial) => again.get(trial) !== undefined)).toBe(true);
}

fuzz("completes or rejects damaged results of sweeps", 500, (mutator) => {
  const contents =
    mutator.below(2) === 0
      ? mutator.bytes(new TextEncoder().encode(whole))
      : mutator.text(whole.replaceAll('""', "'")).replaceAll("'", '""');
  writeFileSync(path, contents);
  return {
    size: contents.length,
    shown: Buffer.from(contents).toString(),
    read() {
      try {
        completeSweep();
      } finally {
        // Except the lock file, which exists while this process runs.
        const files = readdirSync(folder).filter((name) => !name.endsWith(".lock"));
        expect(files).toEqual(["results.csv"]);
      }
    },
  };
});

const odd = fc.oneof(
  fc.constantFrom(null, 0, -1, 1e308, 2 ** 32, "../../x", "solve", "__proto__", "=1+1", "\ud800"),
  fc.anything({ withBigInt: true, withNullPrototype: true }),
);
const job = fc.oneof(
  fc.record(
    {
      recipe: fc.oneof(fc.constantFrom("solve", "tanh-64"), odd),
      changes: fc.oneof(fc.dictionary(fc.constantFrom<string>(...configKeys), odd), odd),
      seed: fc.oneof(fc.nat(), odd),
    },
    { requiredKeys: [] },
  ),
  fc.anything(),
);

/** An accepted job is a trial with a name. The pool only records the trial. */
property("runs or rejects arbitrary jobs of a queue", 700, job, (data) => {
  let taken: Trial | undefined;
  const pool = {
    async answer({ trial }: TrialOrder): Promise<TrialAnswer> {
      taken = trial;
      return { result: results[0]!, trainedSteps: 0, checkpoint: null };
    },
  };
  const checkpoints = { read: async () => null, write: async () => undefined };
  const { environment } = identify(readTrial(data));
  const setting = { pool, checkpoints, version: "1.0.0", environments: new Map() };
  runJob({ ...Object(data), version: "1.0.0", environment }, setting).catch(() => undefined);
  expect(readTrial(data)).toEqual(taken);
  expect(typeof trialName(readTrial(data))).toBe("string");
});

property(
  "reports or rejects arbitrary results from a queue",
  400,
  fc.oneof(
    fc
      .tuple(fc.constantFrom(...Object.keys(results[0]!)), odd)
      .map(([key, value]) => ({ ...results[0], [key]: value })),
    fc.anything(),
  ),
  (data) => {
    const result = readOutcome(trials[0]!, data);
    expect(trialName(result)).toBe(trialName(trials[0]!));
    expect(summaryTable(summarizeSweep([result]))).toHaveLength(3);
  },
);

const values = fc.constantFrom(
  "0.5,0.9",
  "1",
  "",
  "NaN",
  "32/64,64",
  "none",
  "a,b,c",
  "1e308",
  ",,",
);

property(
  "plans or rejects arbitrary sweeps",
  100,
  fc.record({
    recipes: fc.array(fc.constantFrom("solve", "solve", "tanh-64", "", "__proto__"), {
      maxLength: 3,
    }),
    seeds: fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          "1-3",
          "1",
          "0-4294967295",
          "5-1",
          "1,1,1",
          "-1",
          "1e3",
          "\u0661",
        ),
      },
      { weight: 5, arbitrary: fc.string() },
      { weight: 1, arbitrary: fc.constantFrom("1-400000,2000000-2700000", "0-999999,2000000") },
    ),
    values: fc.dictionary(fc.constantFrom<string>(...configKeys), values, { maxKeys: 3 }),
    samples: fc.constantFrom(null, 1, 1_000_000),
    many: fc.boolean(),
  }),
  ({ many, recipes, samples, seeds, ...plan }) => {
    const read = Object.entries(plan.values).map(([key, text]) => {
      const list = readValues(key as (typeof configKeys)[number], text);
      return [key, many ? Array.from({ length: 60 }, () => list[0]) : list] as const;
    });
    const planned = planTrials({
      ...{ recipes, samples, seeds: readSeeds(seeds).slice(0, 4) },
      values: Object.fromEntries(read),
    });
    expect(planned.length).toBeLessThanOrEqual(1_000_000);
  },
);

fuzzAsync(
  "runs trials with odd values",
  12,
  { together: 1, total: "damaged inputs" },
  (mutator) => {
    const recipe = mutator.pick(["solve", "nobody"]);
    const batchSize = mutator.pick([1, 5_000, 1e9]);
    const hiddenSizes = mutator.pick([[], [1e9]]);
    const totalSteps = 1 + mutator.below(20);
    const changes = { totalSteps, solvedBy: "none" as const, batchSize, hiddenSizes };
    const valid = recipe === "solve" && batchSize === 1 && hiddenSizes.length === 0;
    return {
      shown: () => JSON.stringify({ recipe, changes }),
      async run() {
        const { error, steps } = await runTrial({ recipe, changes, seed: 1 });
        expect(steps).toBe(valid ? totalSteps : null);
        expect(error).toMatch(valid ? /^$/ : /^[^\n]+\.$/);
      },
    };
  },
);
