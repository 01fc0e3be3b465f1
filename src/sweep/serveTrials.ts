import { type JobResult, readJob, writeResult } from "./job.ts";
import type { TrialPool } from "./pool.ts";
import { queueName } from "./queue.ts";
import { QueuedCheckpoints } from "./queuedCheckpoints.ts";
import { connectRedis, isRefusal } from "./redis.ts";
import { findOwnEnvironment, type TrialSetting } from "./runTrial.ts";

/** Time without a sign of life after which a worker counts as dead and its trials go to another one. */
const LOCK_MILLISECONDS = 5_000;

export interface ServeOptions {
  /** Runs the trials, `lanes` at a time. */
  readonly pool: TrialPool;
  /** Version of this library. Trials of other versions are on other queues. */
  readonly version: string;
  /** Your own environments that the pool has loaded. Trials of others are refused. */
  readonly environments: TrialSetting["environments"];
  /** Called after each finished trial. */
  onTrial(result: JobResult): void;
  /** Called for each job that is not a trial, or not one for this version and environment. */
  onRefused(reason: string): void;
  /** Called if the pool can no longer run trials. The running trials go to another worker. */
  onBroken(error: unknown): void;
}

/** Context of a worker's jobs. */
interface JobSetting extends Pick<ServeOptions, "environments" | "version"> {
  readonly pool: Pick<TrialPool, "answer">;
  readonly checkpoints: Pick<QueuedCheckpoints, "read" | "write">;
}

/**
 * Validates a job from the queue and runs it. A job of a later round continues from the trial's checkpoint.
 * @throws UsageError if it is not a trial, RunError if it is for another version or environment
 */
export async function runJob(
  data: unknown,
  { checkpoints, environments, pool, version }: JobSetting,
): Promise<JobResult> {
  const trial = readJob(data, version);
  findOwnEnvironment(trial, environments);
  const isLater = trial.round !== undefined && trial.round.number > 1;
  const before = isLater ? await checkpoints.read(trial) : null;
  const answer = await pool.answer({ trial, checkpoint: before });
  const { checkpoint, result, trainedSteps } = answer;
  if (checkpoint !== null) await checkpoints.write(trial, checkpoint);
  return writeResult(result, version, trainedSteps);
}

/**
 * Takes trials from the queue and runs them on the pool. Returns a function that waits for the running trials, then disconnects.
 * @throws UsageError for an invalid URL, RunError if Redis does not answer
 */
export async function serveTrials(
  url: string,
  { environments, onBroken, onRefused, onTrial, pool, version }: ServeOptions,
): Promise<() => Promise<void>> {
  const { bull, connection, notices } = await connectRedis(url);
  const broken = (error: unknown) => {
    onBroken(error);
    // Never settles, so the job does not fail. Once this worker is gone, Redis gives the job to another.
    return new Promise<never>(() => undefined);
  };
  const setting: JobSetting = {
    ...{ environments, version },
    pool: { answer: (order) => pool.answer(order).catch(broken) },
    checkpoints: new QueuedCheckpoints(connection, version),
  };
  const worker = new bull.Worker<unknown, JobResult>(
    queueName(version),
    ({ data }) => runJob(data, setting),
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
    // Without Redis the results could not be stored. The trials go to another worker later.
    if (connection.status === "ready") await worker.close();
    connection.disconnect();
  };
}
