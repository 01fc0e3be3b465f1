import { describe, expect, it } from "vitest";
import { freePort, hasRedis, start, startRedis } from "../cli/redis.ts";
import { main, temporaryFolder, wasmDqn } from "../cli/run.ts";
import { rows } from "../cli/sweepRows.ts";
import { wait } from "./process.ts";

/** How long Redis is unavailable. `npm run test:faults` sets FAULT_REDIS_SECONDS=10. */
const milliseconds = 1000 * Number(process.env.FAULT_REDIS_SECONDS ?? 1.5);

describe.skipIf(!hasRedis())("a Redis that is unavailable during a sweep", () => {
  it.each([
    ["does not answer", "stop"],
    ["restarts with its data", "keep"],
    ["restarts without its data", "lose"],
  ])("gives the same table if it %s", async (_name, deed) => {
    const folder = temporaryFolder();
    const port = await freePort();
    const redis = await startRedis(folder, port, deed === "keep");
    const url = `redis://127.0.0.1:${port}`;
    const worker = start(folder, process.execPath, [main, "worker", "--queue", url]);
    await worker.says("Waiting for trials");
    const sweep = ["sweep", "--seeds", "1-24", "--set", "totalSteps=3000"];
    const queued = start(folder, process.execPath, [main, ...sweep, "--queue", url, "--out", "q"]);
    await worker.says("done: ", 2);
    if (deed === "stop") {
      redis.child.kill("SIGSTOP");
      await wait(milliseconds);
      redis.child.kill("SIGCONT");
    } else {
      redis.child.kill("SIGKILL");
      await Promise.all([redis.ended, queued.says("is unreachable. Waiting for it.")]);
      await wait(milliseconds);
      await Promise.all([
        startRedis(folder, port, deed === "keep"),
        queued.says(`The Redis at ${url} is connected again.`),
      ]);
    }
    expect(await queued.ended).toBe(0);
    worker.child.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
    expect(wasmDqn(folder, ...sweep, "--out", "local").code).toBe(0);
    expect(rows(folder, "q")).toHaveLength(25);
    expect(rows(folder, "q")).toEqual(rows(folder, "local"));
  });

  it("lets a worker be stopped", async () => {
    const folder = temporaryFolder();
    const port = await freePort();
    const redis = await startRedis(folder, port);
    const url = `redis://127.0.0.1:${port}`;
    const worker = start(folder, process.execPath, [main, "worker", "--queue", url]);
    await worker.says("Waiting for trials");
    redis.child.kill("SIGKILL");
    await worker.says("is unreachable. Waiting for it.");
    worker.child.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
  });
});
