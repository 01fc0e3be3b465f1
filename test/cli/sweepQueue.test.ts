import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { describe, expect, it, onTestFinished } from "vitest";
import { begin } from "../faults/process.ts";
import { freePort, hasRedis, start } from "./redis.ts";
import { temporaryFolder, wasmDqn } from "./run.ts";
import { rows } from "./sweepRows.ts";

const { version } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { version: string };
const sweep = ["sweep", "--seeds", "1-3", "--set", "totalSteps=300", "--out", "q"];

/** Starts a Redis with these settings. Returns it with a folder and a connection for the test's commands. */
async function redisWith(...settings: string[]) {
  const folder = temporaryFolder();
  const port = await freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", ...settings];
  await start(folder, "redis-server", args).says("Ready to accept connections");
  const at = settings.indexOf("--requirepass");
  const password = at === -1 ? "" : (settings[at + 1] ?? "");
  const admin = new Redis(port, { password, maxRetriesPerRequest: null });
  admin.on("error", () => undefined);
  onTestFinished(() => admin.disconnect());
  return { folder, port, admin, url: `redis://127.0.0.1:${port}` };
}

/** Lets the background save of a Redis fail. */
async function failToSave(admin: Redis, folder: string): Promise<void> {
  // The temporary file of the save cannot replace a folder that is not empty.
  mkdirSync(join(folder, "dump.rdb", "full"), { recursive: true });
  await admin.bgsave();
  await expect.poll(() => admin.info("persistence")).toContain("rdb_last_bgsave_status:err");
}

/** A foreign worker that answers each job with `answer`. */
function otherWorker(connection: Redis, of: string, answer: () => unknown): void {
  const worker = new Worker(`wasm-dqn-trials-${of}`, async () => answer(), { connection });
  worker.on("error", () => undefined);
  onTestFinished(() => worker.close(true));
}

describe.skipIf(!hasRedis())("sweep --queue, on a real Redis", () => {
  it.each([
    ["OOM", ["--maxmemory", "1"], ["config", "set", "maxmemory", "0"]],
    [
      "NOREPLICAS",
      ["--min-replicas-to-write", "1"],
      ["config", "set", "min-replicas-to-write", "0"],
    ],
    ["MISCONF", ["--save", "3600 1000000"], ["config", "set", "save", ""]],
    ["READONLY", ["--replicaof", "127.0.0.1 1"], ["replicaof", "no", "one"]],
  ])(
    "waits for a Redis that rejects writes with %s",
    async (code, settings, cure) => {
      const { admin, folder, url } = await redisWith(...settings);
      if (code === "MISCONF") await failToSave(admin, folder);
      const worker = begin(folder, ["worker", "--queue", url]);
      const queued = begin(folder, [...sweep, "--queue", url]);
      const refused = `The Redis at ${url} refuses commands: ${code} `;
      await expect.poll(() => queued.says(), { timeout: 30_000 }).toContain(refused);
      expect(rows(folder, "q")).toHaveLength(1);
      await admin.call(cure[0]!, ...cure.slice(1));
      expect(await queued.ended).toBe(0);
      expect(queued.says().split(refused)).toHaveLength(2);
      expect(queued.says()).toContain(`The Redis at ${url} accepts commands again.`);
      worker.kill("SIGTERM");
      expect(await worker.ended).toBe(0);
      expect(wasmDqn(folder, ...sweep.slice(0, -1), "local").code).toBe(0);
      expect(rows(folder, "q")).toEqual(rows(folder, "local"));
    },
    90_000,
  );

  it("gives no trials to a worker of another version, and reports it", async () => {
    const { admin, folder, url } = await redisWith();
    let taken = 0;
    otherWorker(admin, "0.0.9", () => ++taken);
    const queued = begin(folder, [...sweep, "--queue", url]);
    const said = `No worker of version ${version} is connected to ${url}`;
    await expect.poll(() => queued.says(), { timeout: 20_000 }).toContain(said);
    expect(queued.says()).toContain("Workers of version 0.0.9 are connected");
    queued.kill("SIGTERM");
    expect(await queued.ended).toBe(130);
    expect(taken).toBe(0);
    // Jobs that no worker had started are removed from the queue.
    const queue = new Queue(`wasm-dqn-trials-${version}`, { connection: admin });
    expect(await queue.getJobCounts("waiting", "active")).toEqual({ waiting: 0, active: 0 });
    await queue.close();
  }, 40_000);

  it.each([
    [
      "fails",
      () => Promise.reject(new Error("wrong worker")),
      /failed 3 times to run .*: wrong worker\.\n$/,
    ],
    [
      "answers with another version",
      () => ({ version: "0.0.9", environment: "CartPole-v1" }),
      `A worker's result must be of version ${version}, got 0.0.9.`,
    ],
    [
      "answers with another environment",
      () => ({ version, environment: "my-env" }),
      "A worker's result must be of the environment CartPole-v1, got my-env.",
    ],
  ])(
    "a wrong worker that %s adds no rows, and the next sweep succeeds",
    async (_name, answer, message) => {
      const { admin, folder, url } = await redisWith();
      const connection = admin.duplicate();
      const wrong = new Worker(`wasm-dqn-trials-${version}`, async () => answer(), { connection });
      wrong.on("error", () => undefined);
      const failed = begin(folder, [...sweep, "--queue", url]);
      expect(await failed.ended).toBe(1);
      expect(failed.says()).toMatch(message);
      expect(rows(folder, "q")).toHaveLength(1);
      await wrong.close();
      connection.disconnect();
      const worker = begin(folder, ["worker", "--queue", url]);
      const queued = begin(folder, [...sweep, "--queue", url]);
      expect(await queued.ended).toBe(0);
      worker.kill("SIGHUP");
      expect(await worker.ended).toBe(0);
      expect(rows(folder, "q")).toHaveLength(4);
    },
    60_000,
  );

  it("two sweeps of the same trials on one Redis both get all results", async () => {
    const { folder, url } = await redisWith();
    const worker = begin(folder, ["worker", "--queue", url]);
    const first = begin(folder, [...sweep, "--queue", url]);
    const second = begin(folder, [...sweep.slice(0, -1), "other", "--queue", url]);
    expect(await first.ended).toBe(0);
    expect(await second.ended).toBe(0);
    worker.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
    expect(rows(folder, "q")).toHaveLength(4);
    expect(rows(folder, "other")).toEqual(rows(folder, "q"));
  }, 60_000);

  it("a worker rejects a job of another version and prints no control characters", async () => {
    const { admin, folder, url } = await redisWith();
    const worker = begin(folder, ["worker", "--queue", url]);
    const queue = new Queue(`wasm-dqn-trials-${version}`, { connection: admin });
    const env = "\u001b]0;owned\u0007\u009b2J";
    const job = { recipe: "solve", changes: { env }, seed: 1, version, environment: env };
    await queue.add("trial", { ...job, version: "\u001b]0;0.0.9" });
    await queue.add("trial", job);
    await expect
      .poll(() => worker.says(), { timeout: 20_000 })
      .toContain("done: solve env= ]0;owned");
    expect(worker.says()).toContain(
      `refused: A trial from the queue must be of version ${version}, got ]0;0.0.9.`,
    );
    expect(worker.says().replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    await queue.close();
    worker.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
  }, 40_000);

  it("runs your own game only on workers that were started with the same module", async () => {
    const { folder, url } = await redisWith();
    const text = readFileSync(new URL("../games/coin.ts", import.meta.url), "utf8");
    writeFileSync(join(folder, "coin.ts"), text);
    writeFileSync(join(folder, "dear.ts"), text.replace("-0.05", "-0.5"));
    const own = [...sweep, "--env", "./coin.ts"];
    for (const other of [[], ["--env", "./dear.ts"]]) {
      const worker = begin(folder, ["worker", "--queue", url, ...other]);
      const queued = begin(folder, [...own, "--queue", url]);
      expect(await queued.ended).toBe(1);
      expect(queued.says()).toMatch(
        /failed 3 times to run .*: The trial needs the environment Coin@[0-9a-f]{16}, but this process has loaded (none|Coin@[0-9a-f]{16}): start it with --env and the same file\.\n$/,
      );
      worker.kill("SIGTERM");
      expect(await worker.ended).toBe(0);
    }
    const args = ["worker", "--queue", url, "--env", "./dear.ts", "--env", "./coin.ts"];
    const worker = begin(folder, args);
    const queued = begin(folder, [...own, "--queue", url]);
    expect(await queued.ended).toBe(0);
    worker.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
    expect(wasmDqn(folder, ...own.slice(0, -3), "local", ...own.slice(-2)).code).toBe(0);
    expect(rows(folder, "q")).toEqual(rows(folder, "local"));
    expect(rows(folder, "q").join()).not.toContain("coin.ts");
  }, 90_000);

  it.each(["sweep", "worker"])(
    "%s never prints the password",
    async (command) => {
      const { folder, port } = await redisWith("--requirepass", "tops@cret");
      const shown = `redis://***@127.0.0.1:${port}`;
      const ask = (address: string) => wasmDqn(folder, command, "--queue", address);
      const wrong = ask(`redis://:hunter2@127.0.0.1:${port}`);
      expect(wrong.stderr).toMatch(
        /^wasm-dqn: The Redis at .* refuses the user name or password: WRONGPASS/,
      );
      expect(wrong.stderr).toContain(shown);
      expect(wrong.stderr).not.toContain("hunter2");
      expect(ask(`redis://127.0.0.1:${port}`).stderr).toBe(
        `wasm-dqn: The Redis at redis://127.0.0.1:${port} needs a password, as in redis://:password@host:6379.\n`,
      );
      const none = ask(`redis://:tops%40cret@127.0.0.1:${port}/99`);
      expect(none).toMatchObject({ code: 1 });
      expect(none.stderr).toMatch(
        /^wasm-dqn: The Redis at \S+\/99 has no database 99: ERR DB index/,
      );
      expect(none.stderr).not.toContain("cret");
      expect(wrong.stderr).toMatch(/[^.]\.\n$/);
      expect(ask(`redis://:tops%40cret@127.0.0.1:${port}/1.5`)).toMatchObject({ code: 2 });
      const odd = ask("http://me:hunter2@host");
      expect(odd).toMatchObject({ code: 2 });
      expect(odd.stderr).not.toContain("hunter2");
      const running = begin(folder, [command, "--queue", `redis://:tops%40cret@127.0.0.1:${port}`]);
      await expect.poll(() => running.says(), { timeout: 20_000 }).toContain(shown);
      expect(running.says()).not.toContain("cret");
      running.kill("SIGTERM");
      await running.ended;
    },
    60_000,
  );
});
