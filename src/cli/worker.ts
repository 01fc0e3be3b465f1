import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { TrialPool } from "../sweep/pool.ts";
import { serveTrials } from "../sweep/queue.ts";
import { type Trial, trialKey } from "../sweep/trial.ts";
import { wholeNumber } from "./episodesFlags.ts";
import { onStopSignals } from "./stopSignals.ts";

export function addWorkerCommand(program: Command): void {
  program
    .command("worker")
    .description("run the trials that `wasm-dqn sweep --queue` puts on a queue, until stopped")
    .requiredOption("--queue <redis://...>", "the queue's Redis")
    .option("--concurrency <number>", "trials at the same time (default: one a core)")
    .helpOption("-h, --help", "show this help")
    .action(work);
}

async function work(flags: {
  readonly queue: string;
  readonly concurrency?: string;
}): Promise<void> {
  const text = flags.concurrency ?? String(availableParallelism());
  const concurrency = wholeNumber("--concurrency", text, 1, 1024);
  const pool = new TrialPool(concurrency);
  const log = (trial: Trial) => console.error(`done: ${trialKey(trial)}`);
  const close = await serveTrials(flags.queue, pool, concurrency, log).catch(async (error) => {
    await pool.close();
    throw error;
  });
  console.error(`Waiting for trials at ${flags.queue}, ${concurrency} at a time. Ctrl-C to stop.`);
  const stop = async () => {
    await close();
    await pool.close();
    process.exit(0);
  };
  onStopSignals(
    () => void stop(),
    () => process.exit(130),
  );
}
