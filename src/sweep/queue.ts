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
/** A trial that nothing was heard of for so long, with this more for each that is waited for, is looked for. */
const LOOK_MILLISECONDS = 5_000;
const LOOK_MILLISECONDS_EACH = 10;

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
  tellOfAbsence(connection, url);
  return { bull, connection };
}

/** Says when Redis goes away, and when it is back. */
function tellOfAbsence(connection: Redis, url: string): void {
  let away = false;
  connection.on("reconnecting", () => {
    if (!away) process.stderr.write(`The Redis at ${url} is away: waiting for it.\n`);
    away = true;
  });
  connection.on("ready", () => {
    if (away) process.stderr.write(`The Redis at ${url} is back.\n`);
    away = false;
  });
}

/** Trials put on a queue in Redis, for workers on any number of machines. */
export class TrialQueue {
  readonly #connection: Redis;
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  readonly #version: string;
  #waiting = 0;
  #closing = false;

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
    this.#waiting++;
    try {
      for (;;) {
        // Does nothing to a job that is there. A Redis that went away may have lost it, or told of its end meanwhile.
        const job: Job = await this.#queue.add("trial", trial, { jobId });
        const pause = LOOK_MILLISECONDS + LOOK_MILLISECONDS_EACH * this.#waiting;
        let returned: unknown;
        try {
          returned = await job.waitUntilFinished(this.#events, pause);
          await job.remove();
        } catch (error) {
          if (this.#closing || (await job.isFailed())) throw error;
          continue;
        }
        return readOutcome(trial, returned);
      }
    } catch (error) {
      return failedTrial(trial, error);
    } finally {
      this.#waiting--;
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
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
    // With Redis away nobody could take the results: the trials go to another worker later.
    if (connection.status === "ready") await worker.close();
    connection.disconnect();
  };
}
