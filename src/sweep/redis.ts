import type { Redis } from "ioredis";
import { oneLine, RunError, reasonOf, UsageError } from "../errors.ts";

const CONNECT_MILLISECONDS = 5_000;

/** A Redis URL for messages: without user, password and options. */
export function shownUrl(url: string): string {
  return oneLine(url.replace(/^([a-z]*:?\/*).*@/i, "$1***@").replace(/[?#].*$/, ""));
}

/** Whether Redis answered with an error, in contrast to a lost connection. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === "ReplyError";
}

/** Error for a failed first connection. */
function connectError(error: unknown, name: string, database: number): RunError {
  if (!isRefusal(error)) return new RunError(`The Redis at ${name} does not answer.`);
  const reason = oneLine(error.message).replace(/\.+$/, "");
  if (reason.startsWith("WRONGPASS") || reason.includes("invalid password")) {
    return new RunError(`The Redis at ${name} refuses the user name or password: ${reason}.`);
  }
  if (reason.startsWith("NOAUTH")) {
    return new RunError(
      `The Redis at ${name} needs a password, as in redis://:password@host:6379.`,
    );
  }
  if (error.message.includes("DB index") || error.message.includes("SELECT")) {
    return new RunError(`The Redis at ${name} has no database ${database}: ${reason}.`);
  }
  return new RunError(`The Redis at ${name} refuses the connection: ${reason}.`);
}

/** A connection with BullMQ and the messages about it. */
export interface RedisSession {
  readonly bull: typeof import("bullmq");
  readonly connection: Redis;
  readonly notices: RedisNotices;
}

/**
 * Connects to the Redis at a URL, and loads BullMQ.
 * @throws UsageError for an invalid URL, RunError if Redis does not answer or refuses the password or the database
 */
export async function connectRedis(url: string): Promise<RedisSession> {
  const name = shownUrl(url);
  // ioredis would read database 1.5 as 1.
  const fits = /^rediss?:\/\/.+/.test(url) && URL.canParse(url);
  if (!fits || !/^\/?\d*$/.test(new URL(url).pathname)) throw new UsageError(wrongUrl(name));
  const [bull, { Redis }] = await Promise.all([import("bullmq"), import("ioredis")]).catch(() => {
    throw new RunError(
      "A queue needs the packages bullmq and ioredis: npm install bullmq ioredis.",
    );
  });
  let connection: Redis;
  try {
    connection = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null });
  } catch {
    throw new UsageError(wrongUrl(name));
  }
  let refuse: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    refuse = reject;
  });
  const timer = setTimeout(refuse, CONNECT_MILLISECONDS);
  // Later lost connections need no handling: ioredis reconnects.
  connection.on("error", (error) => {
    if (isRefusal(error)) refuse(error);
  });
  try {
    await Promise.race([connection.connect(), failed]);
    // ioredis ignores a refused database and uses database 0.
    await Promise.race([connection.select(connection.options.db ?? 0), failed]);
  } catch (error) {
    connection.disconnect();
    throw connectError(error, name, connection.options.db ?? 0);
  } finally {
    clearTimeout(timer);
  }
  failed.catch(() => undefined);
  return { bull, connection, notices: new RedisNotices(connection, name) };
}

function wrongUrl(name: string): string {
  return `--queue must be the URL of a Redis, such as redis://host:6379, got "${name}".`;
}

/** Prints a message when Redis becomes unreachable or refuses commands, and when it works again. */
export class RedisNotices {
  readonly name: string;
  #away = false;
  #refusing = false;

  constructor(connection: Redis, name: string) {
    this.name = name;
    connection.on("reconnecting", () => {
      if (!this.#away) this.#print("is unreachable. Waiting for it.");
      this.#away = true;
    });
    connection.on("ready", () => {
      if (this.#away) this.#print("is connected again.");
      this.#away = false;
    });
  }

  refused(error: unknown): void {
    if (!this.#refusing) {
      // Redis appends the name of BullMQ's script.
      const reason = oneLine(reasonOf(error)).replace(/\.*( script: .*)?$/, "");
      this.#print(`refuses commands: ${reason}. Retrying.`);
    }
    this.#refusing = true;
  }

  accepted(): void {
    if (this.#refusing) this.#print("accepts commands again.");
    this.#refusing = false;
  }

  #print(what: string): void {
    process.stderr.write(`The Redis at ${this.name} ${what}\n`);
  }
}
