import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { configKeys } from "../config/config.ts";
import { isModulePath, loadEnvironment, versionedName } from "../environments/environmentModule.ts";
import { environmentIds } from "../environments/registry.ts";
import { RunError, UsageError } from "../errors.ts";
import { isWorkingDirectoryDeleted } from "../files/fileError.ts";
import { saveFile } from "../files/saveFile.ts";
import { gameIds } from "../games/builtInGames.ts";
import { count } from "../numberText.ts";
import { packageVersion } from "../runs/packageVersion.ts";
import { isKept, trialFolder } from "../sweep/keptTrial.ts";
import { planTrials, readSeeds } from "../sweep/plan.ts";
import { TrialPool } from "../sweep/pool.ts";
import { TrialQueue } from "../sweep/queue.ts";
import { describeFailures, describeOthers, summarizeSweep, summaryTable } from "../sweep/report.ts";
import { ResultsFile } from "../sweep/resultsFile.ts";
import { MOST_SHOWN, sweepPanels } from "../sweep/sweepPanels.ts";
import type { Trial, TrialResult } from "../sweep/trial.ts";
import { readValues } from "./configFlags.ts";
import { environmentOf } from "./environmentFlag.ts";
import { exitProcess } from "./exitProcess.ts";
import { onStopSignals } from "./stopSignals.ts";
import { SweepProgress } from "./sweepProgress.ts";
import { wholeNumber } from "./wholeNumber.ts";

interface SweepFlags {
  readonly recipe: string;
  readonly seeds: string;
  readonly set?: readonly string[];
  readonly sampler: string;
  readonly trials?: string;
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
    .option("--env <id|module>", "built-in id, or path of your environment's module")
    .option(
      "--set <key=a,b,...>",
      "values of a hyperparameter; lists are separated by slashes: hiddenSizes=32/64,64",
      collect,
    )
    .option(
      "--sampler <grid|random>",
      "all combinations of the values, or a random selection",
      "grid",
    )
    .option("--trials <number>", "number of combinations that the random sampler selects")
    .option("--workers <number>", "worker threads (default: one per core)")
    .option("--queue <redis://...>", "Redis queue from which `wasm-dqn worker` takes the trials")
    .option("--out <folder>", "folder of results.csv, report.md and report.svg", "sweeps/sweep")
    .option("--keep", "keep each trial's policy and curves in <out>/trials, for plot and evaluate")
    .option("--json", "print the report as one JSON object")
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
        `--set must be a hyperparameter and its values, such as gamma=0.98,0.99, got "${setting}".`,
      );
    }
    if (Object.hasOwn(values, key)) {
      throw new UsageError(
        `--set ${key} is given twice. List all of its values once, as in ${key}=a,b.`,
      );
    }
    values[key] = readValues(key, text);
  }
  refuseUnknownEnvironments(values.env ?? []);
  return values;
}

/** @throws UsageError for an environment that is neither built in nor a game */
function refuseUnknownEnvironments(envs: readonly unknown[]): void {
  const ids: readonly unknown[] = [...environmentIds, ...gameIds];
  const unknown = envs.find((env) => !ids.includes(env));
  if (unknown === undefined) return;
  const known = ids.join(", ");
  throw new UsageError(
    `--set env must be one of ${known} (--env takes a module), got "${unknown}".`,
  );
}

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

/** Runs trials: threads of this process, or workers on a queue. */
type Runner = Pick<TrialPool, "lanes" | "run" | "close"> & Partial<Pick<TrialQueue, "withdraw">>;

async function sweep(flags: SweepFlags): Promise<void> {
  if (flags.keep === true && flags.queue !== undefined) {
    throw new UsageError("--keep cannot keep trials of --queue: other machines may run them.");
  }
  const values = readSet(flags.set ?? []);
  const samples = readSamples(flags);
  const seeds = readSeeds(flags.seeds);
  const { modules, name } = await chooseEnvironment(flags.env);
  if (name !== null) {
    if (values.env !== undefined) throw new UsageError("--env and --set env exclude each other.");
    values.env = [name];
  }
  const plan = { recipes: flags.recipe.split(","), seeds, values, samples };
  const trials = planTrials(plan);
  const workers = flags.workers ?? String(availableParallelism());
  const threads = wholeNumber("--workers", workers, 1, 1024);
  // Node cannot start worker threads in a deleted folder, so every trial would be recorded as failed.
  if (isWorkingDirectoryDeleted()) {
    throw new RunError("The working directory was deleted. Change to another folder.");
  }
  const progress = new SweepProgress(process.stderr);
  const reading = progress.stage("Reading results.csv");
  const file = new ResultsFile(flags.out, packageVersion(), reading);
  // Failed trials are repeated, since the cause may be gone.
  const keep = flags.keep === true ? flags.out : null;
  const isMissing = (trial: Trial) =>
    file.get(trial)?.error !== "" || (keep !== null && !isKept(trialFolder(keep, trial)));
  const missing = trials.filter(isMissing);
  progress.begin(trials.length, missing.length);
  if (missing.length > 0) {
    const runner: Runner =
      flags.queue === undefined
        ? new TrialPool(Math.min(threads, missing.length), { setting: { modules, keep } })
        : await TrialQueue.open(flags.queue, packageVersion());
    await runTrials(missing, runner, file, progress);
  }

  const results = trials.map((trial): TrialResult => ({ ...file.get(trial)!, ...trial }));
  file.sort(trials);
  const summaries = summarizeSweep(results, progress.stage("Summarizing"));
  progress.finish();
  const otherRows = file.others(trials);
  const others = describeOthers(otherRows);
  const report = [...summaryTable(summaries), ...(others === "" ? [] : ["", others])];
  const { chartSvg } = await import("../plots/chart.ts");
  const panels = sweepPanels(results);
  if (panels.length > 0) {
    const caption =
      summaries.length > MOST_SHOWN
        ? `The first ${MOST_SHOWN} of ${count(summaries.length)} configurations.`
        : "";
    const svg = chartSvg(panels, 2, `Sweep of ${count(trials.length)} trials`, caption);
    saveFile(join(flags.out, "report.svg"), svg);
  }
  saveFile(join(flags.out, "report.md"), `${report.join("\n")}\n`);
  if (flags.json === true) {
    console.log(JSON.stringify({ out: flags.out, configurations: summaries, otherRows }));
  } else {
    for (const line of [...report, "", `${flags.out}: results.csv, report.md, report.svg`])
      console.log(line);
  }
  if (results.every(({ error }) => error !== "")) throw new RunError(describeFailures(results));
}

/** Runs trials in `runner.lanes` parallel lanes and appends their results to the file. A signal ends the process. */
async function runTrials(
  trials: readonly Trial[],
  runner: Runner,
  file: ResultsFile,
  progress: SweepProgress,
): Promise<void> {
  let ended = false;
  let interrupt: (value: "interrupted") => void = () => undefined;
  const interrupted = new Promise<"interrupted">((resolve) => {
    interrupt = resolve;
  });
  const removeHandlers = onStopSignals(
    () => interrupt("interrupted"),
    () => exitProcess(130),
  );
  const left = trials.values();
  const lane = async () => {
    for (const trial of left) {
      const result = await runner.run(trial);
      // Results that arrive after an interruption are incomplete.
      if (ended) return;
      file.add(result);
      progress.add(result);
    }
  };
  const lanes = Array.from({ length: Math.min(runner.lanes, trials.length) }, lane);
  try {
    const end = await Promise.race([Promise.all(lanes), interrupted]);
    ended = true;
    if (end === "interrupted") {
      await runner.withdraw?.();
      progress.line(
        `Interrupted. The finished trials are in ${file.path}. Run the same command again to continue.`,
      );
      exitProcess(130);
    }
  } finally {
    ended = true;
    removeHandlers();
    progress.finish();
    await runner.close();
  }
}
