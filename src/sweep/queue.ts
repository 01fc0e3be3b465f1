import { createHash } from "node:crypto";
// BullMQ: a job queue on Redis that gives the job of a worker that has died to another, MIT.
import type { Queue, QueueEvents } from "bullmq";
import type { Redis } from "ioredis";
import { oneLine, RunError, reasonOf, shortened } from "../errors.ts";
import { identify } from "./configuration.ts";
import { type Job, readResult, writeJob } from "./job.ts";
import { connectRedis, isRefusal, type RedisNotices } from "./redis.ts";
import { type Trial, type TrialResult, trialName } from "./trial.ts";

const QUEUE = "wasm-dqn-trials-";
/** A worker never sees the jobs of another version. */
export const queueName = (version: string) => QUEUE + version;

/** Trials on the queue at the same time: more than workers take, few enough to wait for. */
const LANES = 4_096;
/** A trial that nothing was heard of for so long, with this more for each that is waited for, is looked for. */
const LOOK_MILLISECONDS = 5_000;
const LOOK_MILLISECONDS_EACH = 10;
const RETRY_MILLISECONDS = 1_000;
/** When a sweep looks whether there are workers at all. */
const WORKERS_MILLISECONDS = 2_000;
/** A job that no worker can do ends the sweep after so many tries. */
const TRIES = 3;
/** Results that nobody has fetched, of sweeps that never came back. */
const KEEP = { age: 7 * 24 * 3600 };

type News = { readonly returned: unknown } | { readonly failed: string } | null;

const wait = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Trials put on a queue in Redis, for workers on any number of machines. */
export class TrialQueue {
  readonly lanes = LANES;
  readonly #connection: Redis;
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  readonly #notices: RedisNotices;
  readonly #version: string;
  /** Who waits for news of a job. */
  readonly #waiting = new Map<string, (news: News) => void>();
  #closing = false;

  private constructor(
    connection: Redis,
    queue: Queue,
    events: QueueEvents,
    notices: RedisNotices,
    version: string,
  ) {
    this.#connection = connection;
    this.#queue = queue;
    this.#events = events;
    this.#notices = notices;
    this.#version = version;
    events.on("completed", ({ jobId, returnvalue }) =>
      this.#waiting.get(jobId)?.({ returned: returnvalue }),
    );
    events.on("failed", ({ failedReason, jobId }) =>
      this.#waiting.get(jobId)?.({ failed: failedReason }),
    );
    setTimeout(
      () => void this.#lookForWorkers().catch(() => undefined),
      WORKERS_MILLISECONDS,
    ).unref();
  }

  /**
   * @param version of this library: only workers of the same one take the trials
   * @throws UsageError if the URL is none, RunError if nobody answers there
   */
  static async open(url: string, version: string): Promise<TrialQueue> {
    const { bull, connection, notices } = await connectRedis(url);
    const queue = new bull.Queue(queueName(version), { connection });
    const events = new bull.QueueEvents(queueName(version), { connection });
    queue.on("error", () => undefined);
    events.on("error", () => undefined);
    await events.waitUntilReady();
    return new TrialQueue(connection, queue, events, notices, version);
  }

  /**
   * Waits until a worker has run the trial, however long Redis is away or refuses commands. What an interrupted sweep left in
   * the queue is found again.
   * @throws RunError if workers cannot run it, which says nothing about the trial
   */
  async run(trial: Trial): Promise<TrialResult> {
    const { environment, id } = identify(trial);
    const key = JSON.stringify([this.#version, environment, id, trial.seed]);
    const jobId = createHash("sha256").update(key).digest("hex");
    const job = writeJob(trial, this.#version);
    for (let failures = 0; ; ) {
      const news = await this.#news(jobId, job);
      if (news === null) continue;
      try {
        if ("failed" in news) throw new RunError(news.failed);
        const result = readResult(trial, this.#version, news.returned);
        // Redis removes it later if it cannot now.
        await this.#queue.remove(jobId).catch(() => undefined);
        return result;
      } catch (error) {
        // Left behind, it would be taken for the answer of the next try.
        await this.#insist(() => this.#queue.remove(jobId));
        // A worker's failure from before this sweep, or of one wrong worker: others may do better.
        if (++failures < TRIES) continue;
        throw new RunError(
          `Workers could not run ${trialName(trial)}, ${TRIES} times: ${reasonOf(error)}`,
        );
      }
    }
  }

  /** Does something in Redis, and again while Redis answers with an error. */
  async #insist(action: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await action();
        this.#notices.accepted();
        return;
      } catch (error) {
        if (this.#closing || !isRefusal(error)) throw error;
        this.#notices.refused(error);
        await wait(RETRY_MILLISECONDS);
      }
    }
  }

  /** Puts a job on the queue. Returns how it has ended, null if nothing was heard of it for a while. */
  async #news(jobId: string, job: Job): Promise<News> {
    let timer: NodeJS.Timeout | undefined;
    let tell: (news: News) => void = () => undefined;
    const news = new Promise<News>((resolve) => {
      tell = resolve;
    });
    // Listens first: another sweep that waits for the same job removes it as soon as it has ended.
    this.#waiting.set(jobId, tell);
    try {
      // Does nothing to a job that is there. A Redis that went away may have lost it, or told of its end meanwhile.
      const options = { jobId, removeOnComplete: KEEP, removeOnFail: KEEP };
      await this.#insist(() => this.#queue.add("trial", job, options));
      const pause = LOOK_MILLISECONDS + LOOK_MILLISECONDS_EACH * this.#waiting.size;
      timer = setTimeout(tell, pause, null);
      // It may have ended before anybody listened.
      const found = await this.#queue.getJob(jobId).catch(() => undefined);
      if (found?.finishedOn === undefined) return await news;
      return found.failedReason ? { failed: found.failedReason } : { returned: found.returnvalue };
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(jobId);
    }
  }

  /** Says so if no worker of this version takes trials, and which versions the workers there have. */
  async #lookForWorkers(): Promise<void> {
    if (this.#closing || (await this.#queue.getWorkersCount()) > 0) return;
    const names = String(await this.#connection.client("LIST")).matchAll(/ name=bull:([\w+/=]+) /g);
    const queues = [...names].map(([, name = ""]) => Buffer.from(name, "base64").toString());
    const versions = queues
      .filter((name) => name.startsWith(QUEUE))
      .map((name) => shortened(oneLine(name.slice(QUEUE.length))));
    const others =
      versions.length === 0
        ? ""
        : ` Workers of version ${[...new Set(versions)].join(", ")} are there, but a sweep's trials run on one version.`;
    process.stderr.write(
      `No worker of version ${this.#version} takes trials at ${this.#notices.name}: start wasm-dqn worker --queue with its URL.${others}\n`,
    );
  }

  /** Takes back the trials that no worker has begun. Those that run leave their results for the same sweep, for a week. */
  async withdraw(): Promise<void> {
    this.#closing = true;
    if (this.#connection.status !== "ready") return;
    const removals = [...this.#waiting.keys()].map((jobId) => this.#queue.remove(jobId));
    await Promise.race([Promise.allSettled(removals), wait(RETRY_MILLISECONDS)]);
  }

  async close(): Promise<void> {
    await this.withdraw();
    await Promise.allSettled([this.#queue.close(), this.#events.close()]);
    this.#connection.disconnect();
  }
}
