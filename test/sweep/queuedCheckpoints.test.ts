// Checkpoints of trials in Redis, between the rounds of a search.
import { Redis } from "ioredis";
import { describe, expect, it, onTestFinished } from "vitest";
import { deleteCheckpoints, QueuedCheckpoints } from "../../src/sweep/queuedCheckpoints.ts";
import type { Trial } from "../../src/sweep/trial.ts";
import { freePort, hasRedis, startRedis } from "../cli/redis.ts";
import { temporaryFolder } from "../cli/run.ts";

const round = { number: 1, steps: 300 };
const trial: Trial = { recipe: "solve", changes: { gamma: 0.9 }, seed: 1, round };
const bytes = Uint8Array.from({ length: 1_000_000 }, (_, k) => k);

/** Compares faster than toEqual. */
const isEqualTo = (found: Uint8Array | null) => (given: Uint8Array) =>
  found !== null && Buffer.compare(found, given) === 0;

async function open() {
  const port = await freePort();
  await startRedis(temporaryFolder(), port);
  const redis = new Redis(port, { maxRetriesPerRequest: null });
  onTestFinished(() => redis.disconnect());
  return {
    redis,
    checkpoints: new QueuedCheckpoints(redis, "1"),
    url: `redis://127.0.0.1:${port}`,
  };
}

describe.skipIf(!hasRedis())("checkpoints on a real Redis", () => {
  it("are read in the next round, only by trials of the same configuration, seed and version", async () => {
    const { checkpoints, redis } = await open();
    await checkpoints.write(trial, bytes);
    const next = { number: 2, steps: 900 };
    expect(bytes).toSatisfy(isEqualTo(await checkpoints.read({ ...trial, round: next })));
    expect(await checkpoints.read({ ...trial, changes: { gamma: 0.8 } })).toBeNull();
    expect(await checkpoints.read({ ...trial, seed: 2 })).toBeNull();
    expect(await new QueuedCheckpoints(redis, "2").read(trial)).toBeNull();
  });

  it("are deleted", async () => {
    const { checkpoints, redis, url } = await open();
    await checkpoints.write(trial, bytes);
    await checkpoints.write({ ...trial, seed: 2 }, bytes);
    await deleteCheckpoints(url, "1", [trial]);
    expect(await checkpoints.read(trial)).toBeNull();
    expect(await redis.keys("*")).toHaveLength(1);
  });

  it("fill at most half of the memory of Redis", async () => {
    const { checkpoints, redis } = await open();
    const used = Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
    await redis.config("SET", "maxmemory", 2 * used + 1_500_000);
    await checkpoints.write(trial, bytes);
    expect(await redis.keys("*")).toEqual([]);
    await redis.config("SET", "maxmemory", 2 * used + 3_500_000);
    await checkpoints.write(trial, bytes);
    expect(bytes).toSatisfy(isEqualTo(await checkpoints.read(trial)));
  });

  it("are missing if Redis refuses the command or holds another type", async () => {
    const { checkpoints, redis } = await open();
    await checkpoints.write(trial, bytes);
    const [key = ""] = await redis.keys("*");
    await redis.del(key);
    await redis.lpush(key, "1");
    expect(await checkpoints.read(trial)).toBeNull();
    await redis.del(key);
    await redis.call("ACL", "SETUSER", "default", "-set");
    await checkpoints.write(trial, bytes);
    expect(await redis.keys("*")).toEqual([]);
  });
});
