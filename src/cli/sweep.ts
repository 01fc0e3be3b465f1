import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { isModulePath, loadEnvironment, versionedName } from "../environments/environmentModule.ts";
import { RunError, UsageError } from "../errors.ts";
import { isWorkingDirectoryDeleted } from "../files/fileError.ts";
import { packageVersion } from "../runs/packageVersion.ts";
import { planHalving } from "../sweep/halving.ts";
import { isKept, removeCheckpoint, trialFolder } from "../sweep/keptTrial.ts";
import { planConfigurations, planTrials, readSeeds } from "../sweep/plan.ts";
import { TrialPool } from "../sweep/pool.ts";
import { TrialQueue } from "../sweep/queue.ts";
import { deleteCheckpoints } from "../sweep/queuedCheckpoints.ts";
import { ResultsFile } from "../sweep/resultsFile.ts";
import type { Trial, TrialResult } from "../sweep/trial.ts";
import { environmentOf } from "./environmentFlag.ts";
import { type Runner, runTrials } from "./runTrials.ts";
import { search } from "./search.ts";
import { SweepProgress } from "./sweepProgress.ts";
import { readSet } from "./sweepValues.ts";
import { wholeNumber } from "./wholeNumber.ts";

interface SweepFlags {
  readonly recipe: string;
  readonly seeds: string;
  readonly set?: readonly string[];
  readonly sampler: string;
  readonly trials?: string;
  readonly halving?: string;
  readonly workers?: string;
  readonly queue?: string;
  readonly out: string;
  readonly env?: string;
  readonly keep?: true;
  readonly json?: true;
}

export function addSweepCommand(program: Command): void {
  program
    .command("sweep")
    .description("train many configurations and seeds, on all cores or on many machines")
    .option("--recipe <a,b,...>", "recipes to train", "solve")
    .option("--seeds <1-100>", "seeds of each configuration, such as 1-10 or 1,5,7-9", "1-10")
    .option(
      "--env <id|module>",
      "id of a built-in environment or a game, or path of your environment's module",
    )
    .option(
      "--set <key=a,b,...>",
      "values of a hyperparameter, such as gamma=0.98,0.99; lists are separated by slashes: hiddenSizes=32/64,64; a range for the random sampler: learningRate=1e-4..1e-2",
      collect,
    )
    .option(
      "--sampler <grid|random>",
      "all combinations of the values, or a random selection",
      "grid",
    )
    .option("--trials <number>", "number of combinations that the random sampler selects")
    .option(
      "--halving <number>",
      "search in rounds: the best 1/number of the configurations continue from their checkpoints with number times the steps (successive halving)",
    )
    .option("--workers <number>", "worker threads (default: one per core)")
    .option("--queue <redis://...>", "Redis queue from which `wasm-dqn worker` takes the trials")
    .option("--out <folder>", "folder of results.csv, report.md and report.svg", "sweeps/sweep")
    .option("--keep", "keep each trial's policy and curves in <out>/trials, for plot and evaluate")
    .option("--json", "print the report as one JSON object")
    .helpOption("-h, --help", "show this help")
    .action(sweep);
}

const collect = (value: string, before: readonly string[] = []) => [...before, value];

function readSamples({ sampler, trials }: SweepFlags): number | null {
  if (sampler !== "grid" && sampler !== "random") {
    throw new UsageError(`--sampler must be grid or random, got "${sampler}".`);
  }
  if (sampler === "grid" && trials === undefined) return null;
  if (sampler === "grid") throw new UsageError("--trials needs --sampler random.");
  if (trials === undefined) throw new UsageError("--sampler random needs --trials.");
  return wholeNumber("--trials", trials, 1, 1_000_000);
}

/**
 * Loads the environment of --env. The threads of the trials load the module again.
 * @throws UsageError for an unknown id, RunError for a module that cannot be loaded
 */
async function chooseEnvironment(
  env: string | undefined,
): Promise<{ modules: readonly string[]; name: string | null }> {
  if (env === undefined) return { modules: [], name: null };
  if (isModulePath(env)) return { modules: [env], name: versionedName(await loadEnvironment(env)) };
  return { modules: [], name: (await environmentOf(env))?.id ?? env };
}

async function sweep(flags: SweepFlags): Promise<void> {
  const { out, queue } = flags;
  if (flags.keep === true && queue !== undefined) {
    throw new UsageError("--keep cannot keep trials of --queue: other machines may run them.");
  }
  const values = readSet(flags.set ?? []);
  const samples = readSamples(flags);
  const factor =
    flags.halving === undefined ? null : wholeNumber("--halving", flags.halving, 2, 100);
  const seeds = readSeeds(flags.seeds);
  const { modules, name } = await chooseEnvironment(flags.env);
  if (name !== null) {
    if (values.env !== undefined) throw new UsageError("--env and --set env exclude each other.");
    values.env = [name];
  }
  const plan = { recipes: flags.recipe.split(","), seeds, values, samples };
  const halving =
    factor === null
      ? null
      : planHalving({ configurations: planConfigurations(plan), seeds, factor });
  const trials = halving === null ? planTrials(plan) : [];
  const workers = flags.workers ?? String(availableParallelism());
  const threads = wholeNumber("--workers", workers, 1, 1024);
  // Node cannot start worker threads in a deleted folder, so every trial would be recorded as failed.
  if (isWorkingDirectoryDeleted()) {
    throw new RunError("The working directory was deleted. Change to another folder.");
  }
  const progress = new SweepProgress(process.stderr);
  const reading = progress.stage("Reading results.csv");
  const file = new ResultsFile(out, packageVersion(), reading);
  // The next round continues from checkpoints in the folders. Workers of a queue keep them in Redis.
  const keep = flags.keep === true || (halving !== null && queue === undefined) ? out : null;
  // Failed trials are repeated, since the cause may be gone.
  const isMissing = (trial: Trial) =>
    file.get(trial)?.error !== "" ||
    (flags.keep === true && halving === null && !isKept(trialFolder(out, trial)));
  let hasRun = false;
  const runMissing = async (asked: readonly Trial[]) => {
    const missing = asked.filter(isMissing);
    progress.begin(asked.length, missing.length);
    if (missing.length > 0) {
      hasRun = true;
      const runner: Runner =
        queue === undefined
          ? new TrialPool(Math.min(threads, missing.length), { setting: { modules, keep } })
          : await TrialQueue.open(queue, packageVersion());
      await runTrials(missing, runner, file, progress);
    }
    return asked.map((trial): TrialResult => ({ ...file.get(trial)!, ...trial }));
  };
  const discard = async (ended: readonly Trial[]) => {
    if (keep !== null) for (const trial of ended) removeCheckpoint(trialFolder(keep, trial));
    if (queue !== undefined && hasRun) await deleteCheckpoints(queue, packageVersion(), ended);
  };
  const found =
    halving === null
      ? { shown: await runMissing(trials), all: trials, best: null, bestFolder: null }
      : await search(halving, { runMissing, discard, keep, progress });
  // The checkpoints of the last round stay in folders. Redis loses them.
  if (halving !== null && queue !== undefined) await discard(found.all);
  // Loaded late, because drawing needs packages.
  const { reportSweep } = await import("./sweepReport.ts");
  reportSweep(found, { out, json: flags.json === true, file, progress });
}
