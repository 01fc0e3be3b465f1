import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { loadEnvironments } from "../environments/environmentModule.ts";
import { oneLine, reasonOf } from "../errors.ts";
import { count } from "../numberText.ts";
import { packageVersion } from "../runs/packageVersion.ts";
import type { JobResult } from "../sweep/job.ts";
import { TrialPool } from "../sweep/pool.ts";
import { shownUrl } from "../sweep/redis.ts";
import { serveTrials } from "../sweep/serveTrials.ts";
import { trialName } from "../sweep/trial.ts";
import { exitProcess } from "./exitProcess.ts";
import { onStopSignals } from "./stopSignals.ts";
import { wholeNumber } from "./wholeNumber.ts";

export function addWorkerCommand(program: Command): void {
  program
    .command("worker")
    .description("run trials that `wasm-dqn sweep --queue` puts on a queue, until stopped")
    .requiredOption("--queue <redis://...>", "URL of the queue's Redis")
    .option("--concurrency <number>", "trials at the same time (default: one per core)")
    .option("--env <module>", "path of your environment's module; may be given repeatedly", collect)
    .helpOption("-h, --help", "show this help")
    .action(work);
}

const collect = (value: string, before: readonly string[] = []) => [...before, value];

/** Step of the checkpoint from which a trial continued, for the line of its end. */
function continued({ steps, trainedSteps }: JobResult): string {
  const before = (steps ?? 0) - trainedSteps;
  return steps === null || before === 0 ? "" : `, continued from step ${count(before)}`;
}

async function work(flags: {
  readonly queue: string;
  readonly concurrency?: string;
  readonly env?: readonly string[];
}): Promise<void> {
  const text = flags.concurrency ?? String(availableParallelism());
  const concurrency = wholeNumber("--concurrency", text, 1, 1024);
  const version = packageVersion();
  const modules = flags.env ?? [];
  const environments = await loadEnvironments(modules);
  const pool = new TrialPool(concurrency, { setting: { modules, keep: null } });
  const close = await serveTrials(flags.queue, {
    pool,
    version,
    environments,
    onTrial: (result) => console.error(`done: ${trialName(result)}${continued(result)}`),
    onRefused: (reason) => console.error(`refused: ${oneLine(reason)}`),
    onBroken: (error) => {
      // Closing the pool or the queue would wait for the trial.
      console.error(`wasm-dqn: ${oneLine(reasonOf(error))}`);
      exitProcess(1);
    },
  });
  const own = environments.size === 0 ? "" : `, also of ${[...environments.keys()].join(", ")},`;
  console.error(
    `Waiting for trials of version ${version}${own} at ${shownUrl(flags.queue)}, ${concurrency} at a time. Press Ctrl-C to stop.`,
  );
  const stop = async () => {
    await close();
    await pool.close();
    exitProcess(0);
  };
  onStopSignals(
    () => void stop(),
    () => exitProcess(130),
  );
}
