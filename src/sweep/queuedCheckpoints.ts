import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import type { Bytes } from "../typedArrays.ts";
import { identify } from "./configuration.ts";
import { connectRedis } from "./redis.ts";
import { MOST_CHECKPOINT_BYTES } from "./roundCheckpoint.ts";
import type { Trial } from "./trial.ts";

/** Redis deletes a checkpoint after 7 days, in seconds, if no sweep has deleted it. */
const EXPIRY = 7 * 24 * 3600;
/** Maximum time in milliseconds that a sweep waits for the deletion of its checkpoints. */
const DELETION_MILLISECONDS = 2_000;

/** Redis key of a trial's checkpoint, the same in all rounds and in all sweeps with this trial. */
function keyOf(trial: Trial, version: string): string {
  const { environment, id } = identify(trial);
  const text = JSON.stringify([environment, id, trial.seed]);
  return `wasm-dqn-checkpoint-${version}:${createHash("sha256").update(text).digest("hex")}`;
}

/**
 * Checkpoints in Redis from which the trials of a search continue, on any worker. An error of Redis is not an error here: a trial
 * without its checkpoint trains from its start, to the same bits.
 */
export class QueuedCheckpoints {
  readonly #connection: Redis;
  readonly #version: string;

  constructor(connection: Redis, version: string) {
    this.#connection = connection;
    this.#version = version;
  }

  /** Returns the trial's checkpoint, which is not validated; null if there is none of a permitted size. */
  async read(trial: Trial): Promise<Bytes | null> {
    const key = keyOf(trial, this.#version);
    try {
      if ((await this.#connection.strlen(key)) > MOST_CHECKPOINT_BYTES) return null;
      const found = await this.#connection.getBuffer(key);
      // A copy, because a buffer may share its memory with others.
      return found && new Uint8Array(found);
    } catch {
      return null;
    }
  }

  /** Stores the trial's checkpoint, unless Redis would then use more than half of its `maxmemory`, which the queue needs too. */
  async write(trial: Trial, bytes: Uint8Array): Promise<void> {
    const key = keyOf(trial, this.#version);
    try {
      const memory = await this.#connection.info("memory");
      const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(memory)?.[1]);
      const most = field("maxmemory");
      if (most > 0 && field("used_memory") + bytes.length > most / 2) return;
      const { buffer, byteLength, byteOffset } = bytes;
      const value = Buffer.from(buffer, byteOffset, byteLength);
      await this.#connection.set(key, value, "EX", EXPIRY);
    } catch {
      // The trial trains again from its start.
    }
  }
}

/** Deletes the checkpoints of trials that do not continue. Redis deletes them later if it does not answer. */
export async function deleteCheckpoints(
  url: string,
  version: string,
  trials: readonly Trial[],
): Promise<void> {
  if (trials.length === 0) return;
  try {
    const { connection } = await connectRedis(url);
    const late = setTimeout(() => connection.disconnect(), DELETION_MILLISECONDS);
    try {
      await connection.unlink(trials.map((trial) => keyOf(trial, version)));
    } finally {
      clearTimeout(late);
      connection.disconnect();
    }
  } catch {
    // The keys expire.
  }
}
