import { createHash } from "node:crypto";
// BullMQ: a job queue on Redis that reassigns the jobs of dead workers, MIT.
import type { Queue, QueueEvents } from "bullmq";
import type { Redis } from "ioredis";
import { oneLine, RunError, reasonOf, shortened } from "../errors.ts";
import { identify } from "./configuration.ts";
import { type Job, readResult, writeJob } from "./job.ts";
import { connectRedis, isRefusal, type RedisNotices } from "./redis.ts";
import { type Trial, type TrialResult, trialName } from "./trial.ts";

const QUEUE = "wasm-dqn-trials-";
/** Each version has its own queue, so that workers receive only jobs of their version. */
export const queueName = (version: string) => QUEUE + version;

/** Trials on the queue at the same time: enough for many workers, few enough to poll. */
const LANES = 4_096;
/** Without an event for this time, plus POLL_MILLISECONDS_EACH per pending trial, a trial's state is read again. */
const POLL_MILLISECONDS = 5_000;
const POLL_MILLISECONDS_EACH = 10;
/** Time between two attempts while Redis refuses a command. */
const RETRY_MILLISECONDS = 1_000;
/** Time after the start at which a sweep warns if there are no workers. */
const WORKERS_MILLISECONDS = 2_000;
/** Number of times that a job may fail on workers before the sweep ends with an error. */
const TRIES = 3;
/** Results that no sweep has fetched are kept for 7 days, in seconds. */
const KEEP = { age: 7 * 24 * 3600 };

/** End of a job; null if there was no event for a while. */
type JobEnd = { readonly returned: unknown } | { readonly failed: string } | null;

const wait = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Puts trials on a queue in Redis, for workers on any number of machines. */
export class TrialQueue {
  readonly lanes = LANES;
  readonly #connection: Redis;
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  readonly #notices: RedisNotices;
  readonly #version: string;
  /** Callbacks by job id. */
  readonly #pending = new Map<string, (end: JobEnd) => void>();
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
      this.#pending.get(jobId)?.({ returned: returnvalue }),
    );
    events.on("failed", ({ failedReason, jobId }) =>
      this.#pending.get(jobId)?.({ failed: failedReason }),
    );
    setTimeout(
      () => void this.#warnWithoutWorkers().catch(() => undefined),
      WORKERS_MILLISECONDS,
    ).unref();
  }

  /**
   * @param version of this library: only workers of the same version run the trials
   * @throws UsageError for an invalid URL, RunError if Redis does not answer
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
   * Waits until a worker has run the trial, even while Redis is unreachable or refuses commands. Reuses jobs and results of an
   * interrupted sweep.
   * @throws RunError if workers cannot run the job, which is not a failure of the trial
   */
  async run(trial: Trial): Promise<TrialResult> {
    const { environment, id } = identify(trial);
    const key = JSON.stringify([this.#version, environment, id, trial.seed, trial.round?.steps]);
    const jobId = createHash("sha256").update(key).digest("hex");
    const job = writeJob(trial, this.#version);
    for (let failures = 0; ; ) {
      const end = await this.#enqueue(jobId, job);
      if (end === null) continue;
      try {
        if ("failed" in end) throw new RunError(end.failed);
        const result = readResult(trial, this.#version, end.returned);
        // If this fails, Redis removes the job later, see KEEP.
        await this.#queue.remove(jobId).catch(() => undefined);
        return result;
      } catch (error) {
        // Otherwise the next attempt would find this failed job.
        await this.#retry(() => this.#queue.remove(jobId));
        // The failure may be old, or of one misconfigured worker. Another worker may succeed.
        if (++failures < TRIES) continue;
        throw new RunError(
          `Workers failed ${TRIES} times to run ${trialName(trial)}: ${reasonOf(error)}`,
        );
      }
    }
  }

  /** Repeats a command while Redis refuses it. */
  async #retry(action: () => Promise<unknown>): Promise<void> {
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

  /** Puts a job on the queue and waits for its end. */
  async #enqueue(jobId: string, job: Job): Promise<JobEnd> {
    let timer: NodeJS.Timeout | undefined;
    let settle: (end: JobEnd) => void = () => undefined;
    const ended = new Promise<JobEnd>((resolve) => {
      settle = resolve;
    });
    // Listens before adding: another sweep with the same job removes the job as soon as it ends.
    this.#pending.set(jobId, settle);
    try {
      // Does nothing if the job exists. Repeated after each timeout, since Redis may have lost the job.
      const options = { jobId, removeOnComplete: KEEP, removeOnFail: KEEP };
      await this.#retry(() => this.#queue.add("trial", job, options));
      const pause = POLL_MILLISECONDS + POLL_MILLISECONDS_EACH * this.#pending.size;
      timer = setTimeout(settle, pause, null);
      // The job may have ended before the listener was registered.
      const found = await this.#queue.getJob(jobId).catch(() => undefined);
      if (found?.finishedOn === undefined) return await ended;
      return found.failedReason ? { failed: found.failedReason } : { returned: found.returnvalue };
    } finally {
      clearTimeout(timer);
      this.#pending.delete(jobId);
    }
  }

  /** Prints a warning if no worker of this version is connected, with the versions of other workers. */
  async #warnWithoutWorkers(): Promise<void> {
    if (this.#closing || (await this.#queue.getWorkersCount()) > 0) return;
    const names = String(await this.#connection.client("LIST")).matchAll(/ name=bull:([\w+/=]+) /g);
    const queues = [...names].map(([, name = ""]) => Buffer.from(name, "base64").toString());
    const versions = queues
      .filter((name) => name.startsWith(QUEUE))
      .map((name) => shortened(oneLine(name.slice(QUEUE.length))));
    const others =
      versions.length === 0
        ? ""
        : ` Workers of version ${[...new Set(versions)].join(", ")} are connected, but a sweep runs on one version.`;
    process.stderr.write(
      `No worker of version ${this.#version} is connected to ${this.#notices.name}. Start one: wasm-dqn worker --queue <its URL>.${others}\n`,
    );
  }

  /** Removes the jobs that no worker has started. Results of running jobs stay for a week, for the same sweep. */
  async withdraw(): Promise<void> {
    this.#closing = true;
    if (this.#connection.status !== "ready") return;
    const removals = [...this.#pending.keys()].map((jobId) => this.#queue.remove(jobId));
    await Promise.race([Promise.allSettled(removals), wait(RETRY_MILLISECONDS)]);
  }

  async close(): Promise<void> {
    await this.withdraw();
    await Promise.allSettled([this.#queue.close(), this.#events.close()]);
    this.#connection.disconnect();
  }
}
