import { type JobResult, readJob, writeResult } from "./job.ts";
import type { TrialPool } from "./pool.ts";
import { queueName } from "./queue.ts";
import { connectRedis, isRefusal } from "./redis.ts";
import type { Trial } from "./trial.ts";

/** A worker that has not been heard of for so long has died: its trials go to another. */
const LOCK_MILLISECONDS = 5_000;

export interface ServeOptions {
  /** Where trials are run, `lanes` at a time. */
  readonly pool: TrialPool;
  /** Of this library: trials for another one are left to others. */
  readonly version: string;
  /** Told of each trial that is done. */
  onTrial(trial: Trial): void;
  /** Told of each job that is no trial this worker can run. */
  onRefused(reason: string): void;
  /** Told if no trial can be run here any more: the trials that were running go to another worker. */
  onBroken(error: unknown): void;
}

/**
 * What a worker does with a job's data, whoever has put it on the queue.
 * @throws UsageError if it is no trial, RunError if it is one for another version or environment
 */
export async function runJob(
  data: unknown,
  pool: Pick<TrialPool, "run">,
  version: string,
): Promise<JobResult> {
  return writeResult(await pool.run(readJob(data, version)), version);
}

/**
 * Takes trials from the queue and runs them on the pool. Returns what ends it, once the trials that are running are done.
 * @throws UsageError if the URL is none, RunError if nobody answers there
 */
export async function serveTrials(
  url: string,
  { onBroken, onRefused, onTrial, pool, version }: ServeOptions,
): Promise<() => Promise<void>> {
  const { bull, connection, notices } = await connectRedis(url);
  const broken = (error: unknown) => {
    onBroken(error);
    // No failure of the job: it stays this worker's until it is missed, and then goes to another.
    return new Promise<never>(() => undefined);
  };
  const worker = new bull.Worker<unknown, JobResult>(
    queueName(version),
    ({ data }) => runJob(data, { run: (trial) => pool.run(trial).catch(broken) }, version),
    {
      connection,
      concurrency: pool.lanes,
      lockDuration: LOCK_MILLISECONDS,
      stalledInterval: LOCK_MILLISECONDS / 2,
      maxStalledCount: 100,
    },
  );
  worker.on("error", (error) => {
    if (isRefusal(error)) notices.refused(error);
  });
  worker.on("completed", (_job, result) => {
    notices.accepted();
    onTrial(result);
  });
  worker.on("failed", (_job, error) => onRefused(error.message));
  return async () => {
    // With Redis away nobody could take the results: the trials go to another worker later.
    if (connection.status === "ready") await worker.close();
    connection.disconnect();
  };
}
