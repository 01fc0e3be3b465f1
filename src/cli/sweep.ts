import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { UsageError } from "../errors.ts";
import { saveFile } from "../files/saveFile.ts";
import { planTrials, readSeeds } from "../sweep/plan.ts";
import { TrialPool } from "../sweep/pool.ts";
import { TrialQueue } from "../sweep/queue.ts";
import { summarizeSweep, summaryTable, sweepPanels } from "../sweep/report.ts";
import { ResultsFile } from "../sweep/resultsFile.ts";
import { configKeys } from "../training/config.ts";
import { readValues } from "./configFlags.ts";
import { wholeNumber } from "./episodesFlags.ts";
import { packageVersion } from "./packageVersion.ts";
import { onStopSignals } from "./stopSignals.ts";
import { SweepProgress } from "./sweepProgress.ts";

interface SweepFlags {
  readonly recipe: string;
  readonly seeds: string;
  readonly set?: readonly string[];
  readonly sampler: string;
  readonly trials?: string;
  readonly workers?: string;
  readonly queue?: string;
  readonly out: string;
  readonly json?: true;
}

export function addSweepCommand(program: Command): void {
  program
    .command("sweep")
    .description("train many configurations and seeds on all cores, or on many machines")
    .option("--recipe <a,b,...>", "recipes to try", "solve")
    .option("--seeds <1-100>", "seeds of each configuration", "1-10")
    .option(
      "--set <key=a,b,...>",
      "values to try for a key; lists such as hiddenSizes=32/64,64",
      collect,
    )
    .option(
      "--sampler <grid|random>",
      "all combinations of the values, or some drawn at random",
      "grid",
    )
    .option("--trials <number>", "combinations that the random sampler draws")
    .option("--workers <number>", "worker threads (default: one a core)")
    .option("--queue <redis://...>", "put the trials on a queue for `wasm-dqn worker`")
    .option("--out <folder>", "results, report and picture", "sweeps/sweep")
    .option("--json", "print one JSON object")
    .helpOption("-h, --help", "show this help")
    .action(sweep);
}

const collect = (value: string, before: readonly string[] = []) => [...before, value];

function readSet(settings: readonly string[]): Record<string, unknown[]> {
  const values: Record<string, unknown[]> = {};
  for (const setting of settings) {
    const [, name = "", text = ""] = /^(\w+)=(.+)$/.exec(setting) ?? [];
    const key = configKeys.find((candidate) => candidate === name);
    if (key === undefined || key === "seed") {
      throw new UsageError(
        `--set must be a key of the configuration and its values, such as gamma=0.98,0.99, got "${setting}".`,
      );
    }
    values[key] = readValues(key, text);
  }
  return values;
}

function readSamples({ sampler, trials }: SweepFlags): number | null {
  if (sampler !== "grid" && sampler !== "random") {
    throw new UsageError(`--sampler must be grid or random, got "${sampler}".`);
  }
  if (sampler === "grid" && trials === undefined) return null;
  if (sampler === "grid") throw new UsageError("--trials is for --sampler random.");
  if (trials === undefined) throw new UsageError("--sampler random needs --trials.");
  return wholeNumber("--trials", trials, 1, 1_000_000);
}

async function sweep(flags: SweepFlags): Promise<void> {
  const trials = planTrials({
    recipes: flags.recipe.split(","),
    seeds: readSeeds(flags.seeds),
    values: readSet(flags.set ?? []),
    samples: readSamples(flags),
  });
  const workers = flags.workers ?? String(availableParallelism());
  const threads = wholeNumber("--workers", workers, 1, 1024);
  const file = new ResultsFile(flags.out);
  const missing = trials.filter((trial) => file.get(trial) === undefined);
  const runner =
    flags.queue === undefined
      ? new TrialPool(Math.min(threads, Math.max(1, missing.length)))
      : await TrialQueue.open(flags.queue, packageVersion());

  const progress = new SweepProgress(process.stderr, trials.length, missing.length);
  let interrupted = false;
  let ended = false;
  const stopped = new Promise<void>((resolve) => {
    onStopSignals(
      () => {
        interrupted = true;
        resolve();
      },
      () => process.exit(130),
    );
  });
  const all = Promise.all(
    missing.map(async (trial) => {
      const result = await runner.run(trial);
      if (ended) return;
      file.add(result);
      progress.add(result);
    }),
  );
  try {
    await Promise.race([all, stopped]);
  } finally {
    // What is still running is cut off by this, and is no result.
    ended = true;
    progress.finish();
    if (!interrupted) await runner.close();
  }
  if (interrupted) {
    process.stderr.write(`Interrupted. The same command goes on with what ${file.path} lacks.\n`);
    process.exit(130);
  }

  file.sort(trials);
  const results = trials.map((trial) => file.get(trial)!);
  const summaries = summarizeSweep(results);
  const table = summaryTable(summaries);
  const { chartSvg } = await import("../reports/chart.ts");
  const panels = sweepPanels(results);
  if (panels.length > 0) {
    const svg = chartSvg(panels, 2, `Sweep of ${trials.length} trials`);
    saveFile(join(flags.out, "report.svg"), svg);
  }
  saveFile(join(flags.out, "report.md"), `${table.join("\n")}\n`);
  if (flags.json === true)
    console.log(JSON.stringify({ out: flags.out, configurations: summaries }));
  else
    for (const line of [...table, "", `${flags.out}: results.csv, report.md, report.svg`])
      console.log(line);
}
