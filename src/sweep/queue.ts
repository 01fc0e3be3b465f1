import { createHash } from "node:crypto";
// BullMQ: a job queue on Redis that gives the job of a worker that has died to another, MIT.
import type { Job, Queue, QueueEvents } from "bullmq";
import type { Redis } from "ioredis";
import { RunError, UsageError } from "../errors.ts";
import type { TrialPool } from "./pool.ts";
import { readOutcome, readTrial } from "./readTrial.ts";
import { failedTrial, type Trial, type TrialResult, trialKey } from "./trial.ts";

const QUEUE = "wasm-dqn-trials";
/** A worker that has not been heard of for so long has died: its trials go to another. */
const LOCK_MILLISECONDS = 5_000;
const CONNECT_MILLISECONDS = 5_000;

/** The queue's library, and a connection of its own kind to the Redis at the URL. */
async function connect(url: string) {
  if (!/^rediss?:\/\/.+/.test(url)) {
    throw new UsageError(
      `--queue must be the URL of a Redis, such as redis://host:6379, got "${url}".`,
    );
  }
  const [bull, { Redis }] = await Promise.all([import("bullmq"), import("ioredis")]).catch(() => {
    throw new RunError(
      "A queue needs the packages bullmq and ioredis: npm install bullmq ioredis.",
    );
  });
  const connection = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null });
  // A Redis that goes away later comes back: ioredis tries again by itself.
  connection.on("error", () => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(reject, CONNECT_MILLISECONDS);
  });
  try {
    await Promise.race([connection.connect(), late]);
  } catch {
    connection.disconnect();
    throw new RunError(`The Redis at ${url} does not answer.`);
  } finally {
    clearTimeout(timer);
  }
  return { bull, connection };
}

/** Trials put on a queue in Redis, for workers on any number of machines. */
export class TrialQueue {
  readonly #connection: Redis;
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  readonly #version: string;

  private constructor(connection: Redis, queue: Queue, events: QueueEvents, version: string) {
    this.#connection = connection;
    this.#queue = queue;
    this.#events = events;
    this.#version = version;
  }

  /**
   * @param version of this library: a trial's result is one of the version that ran it
   * @throws UsageError if the URL is none, RunError if nobody answers there
   */
  static async open(url: string, version: string): Promise<TrialQueue> {
    const { bull, connection } = await connect(url);
    const queue = new bull.Queue(QUEUE, { connection });
    const events = new bull.QueueEvents(QUEUE, { connection });
    queue.on("error", () => undefined);
    events.on("error", () => undefined);
    queue.setMaxListeners(0);
    events.setMaxListeners(0);
    await events.waitUntilReady();
    return new TrialQueue(connection, queue, events, version);
  }

  /** Waits until a worker has run the trial. What an interrupted sweep left in the queue is found again. */
  async run(trial: Trial): Promise<TrialResult> {
    const name = `${this.#version} ${trialKey(trial)}`;
    const jobId = createHash("sha256").update(name).digest("hex");
    try {
      const job: Job = await this.#queue.add("trial", trial, { jobId });
      const result = readOutcome(trial, await job.waitUntilFinished(this.#events));
      await job.remove();
      return result;
    } catch (error) {
      return failedTrial(trial, error);
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#queue.close(), this.#events.close()]);
    this.#connection.disconnect();
  }
}

/** What a worker does with a job's data, whoever has put it on the queue. @throws UsageError if it is no trial */
export async function runJob(data: unknown, pool: Pick<TrialPool, "run">): Promise<TrialResult> {
  return pool.run(readTrial(data));
}

/**
 * Takes trials from the queue and runs them on the pool. Returns what ends it, once the trials that are running are done.
 * @param onTrial told of each trial that is done
 * @throws UsageError if the URL is none, RunError if nobody answers there
 */
export async function serveTrials(
  url: string,
  pool: TrialPool,
  concurrency: number,
  onTrial: (trial: Trial) => void,
): Promise<() => Promise<void>> {
  const { bull, connection } = await connect(url);
  const worker = new bull.Worker<unknown, TrialResult>(QUEUE, ({ data }) => runJob(data, pool), {
    connection,
    concurrency,
    lockDuration: LOCK_MILLISECONDS,
    stalledInterval: LOCK_MILLISECONDS / 2,
    maxStalledCount: 100,
  });
  worker.on("error", () => undefined);
  worker.on("completed", (_job, { changes, recipe, seed }) => onTrial({ recipe, changes, seed }));
  return async () => {
    await worker.close();
    connection.disconnect();
  };
}
