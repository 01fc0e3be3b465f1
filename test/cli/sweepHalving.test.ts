// The search for hyperparameters: sweep --halving.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { QueueEvents } from "bullmq";
import { Redis } from "ioredis";
import Papa from "papaparse";
import { describe, expect, it, onTestFinished } from "vitest";
import type { JobResult } from "../../src/sweep/job.ts";
import { freePort, hasRedis, start, startRedis } from "./redis.ts";
import { main, temporaryFolder, wasmDqn } from "./run.ts";
import { rows } from "./sweepRows.ts";

const search = [
  ...["sweep", "--sampler", "random", "--trials", "9", "--halving", "3", "--seeds", "1,2"],
  ...["--set", "learningRate=1e-4..1e-2", "--set", "hiddenSizes=16/32"],
  ...["--set", "totalSteps=2700", "--set", "learningStarts=100", "--out", "s"],
];

interface Row {
  readonly changes: string;
  readonly seed: string;
  readonly round: string;
  readonly roundSteps: string;
  readonly weightsSha256: string;
}

const read = (folder: string) =>
  Papa.parse<Row>(readFileSync(join(folder, "s", "results.csv"), "utf8").trimEnd(), {
    header: true,
  }).data;

describe("sweep --halving", () => {
  it("continues the best third in each round, to the weights of a run that never stopped", () => {
    const folder = temporaryFolder();
    const result = wasmDqn(folder, ...search);
    expect(result.code).toBe(0);
    const found = read(folder);
    const inRound = (number: string) => found.filter(({ round }) => round === number);
    expect(["1", "2", "3"].map((number) => inRound(number).length)).toEqual([18, 6, 2]);
    expect(new Set(found.map(({ round, roundSteps }) => `${round}: ${roundSteps}`))).toEqual(
      new Set(["1: 300", "2: 900", "3: 2700"]),
    );
    expect(result.stderr).toContain("Round 3 of 3: 1 configuration.\n");
    const best =
      /^Best trial: solve (.+) seed=(\d) round=3, final return .* after [\d,]+ steps\. Its policy is in (\S+)\.$/m;
    const [, changes = "", seed = "", kept = ""] = best.exec(result.stdout)!;
    expect(result.stdout).toContain(`| 3 | solve ${changes} | 2 |`);
    expect(readFileSync(join(folder, "s", "report.md"), "utf8")).toContain("Best trial: ");

    const values = JSON.parse(inRound("3")[0]!.changes) as Record<string, unknown>;
    const flags = Object.entries(values).map(([key, value]) => [
      `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      String(value),
    ]);
    const whole = wasmDqn(folder, "train", "--json", "--seed", seed, ...flags.flat());
    const { weightsSha256 } = JSON.parse(whole.stdout) as { weightsSha256: string };
    expect(wasmDqn(folder, "evaluate", kept, "--episodes", "3").code).toBe(0);
    expect(inRound("3").find((row) => row.seed === seed)).toMatchObject({ weightsSha256 });
  });

  it("gives the same rows with one worker and with two, and when it continues a stopped search", () => {
    const folder = temporaryFolder();
    expect(wasmDqn(folder, ...search, "--workers", "2").code).toBe(0);
    const whole = rows(folder);
    expect(wasmDqn(folder, ...search, "--workers", "1", "--out", "one").code).toBe(0);
    expect(rows(folder, "one")).toEqual(whole);
    const path = join(folder, "s", "results.csv");
    // Stopped in round 2: 18 trials of the first and 2 of the second are finished.
    const lines = readFileSync(path, "utf8").split("\n");
    const kept = lines.filter((line) => /}",\d,1,/.test(line));
    const second = lines.filter((line) => /}",\d,2,/.test(line));
    expect([kept.length, second.length]).toEqual([18, 6]);
    writeFileSync(path, `${[lines[0], ...kept, ...second.slice(0, 2)].join("\n")}\n`);
    const again = wasmDqn(folder, ...search);
    expect(again.stderr).toContain("18 of 18 trials have results already.\n");
    expect(again.stderr).toContain("2 of 6 trials have results already.\n");
    expect(rows(folder)).toEqual(whole);
  });

  it("continues after a kill in the second round, to the same rows", async () => {
    const folder = temporaryFolder();
    const args = [...search, "--workers", "1"];
    const { child, ended, says } = start(folder, process.execPath, [main, ...args]);
    await says("Round 2 of 3");
    // The trials of a round take some time, so the kill comes in the middle of one.
    await new Promise((resume) => setTimeout(resume, 150));
    child.kill("SIGKILL");
    await ended;
    const again = wasmDqn(folder, ...args);
    expect([again.code, again.stderr]).toEqual([
      0,
      expect.stringContaining("18 of 18 trials have results already."),
    ]);
    const continued = rows(folder);
    expect(wasmDqn(folder, ...search, "--out", "whole").code).toBe(0);
    expect(continued).toEqual(rows(folder, "whole"));
  });

  it("keeps policies and curves, and checkpoints only of the last round", () => {
    const folder = temporaryFolder();
    expect(wasmDqn(folder, ...search, "--seeds", "1").code).toBe(0);
    const { length } = read(folder).filter(({ round }) => round === "1");
    const trials = wasmDqn(folder, "plot", ...trialsOf(folder), "--out", "c.svg");
    expect([length, trials.code, trials.stderr]).toEqual([9, 0, ""]);
    const withCheckpoint = trialsOf(folder).filter((path) =>
      existsSync(join(folder, path, "checkpoint.safetensors")),
    );
    expect(withCheckpoint).toHaveLength(1);
    const longer = ["train", "--resume", withCheckpoint[0]!, "--total-steps", "3000"];
    expect(wasmDqn(folder, ...longer).code).toBe(0);
  });

  it("searches in a grid, and prints JSON", () => {
    const set = ["--set", "gamma=0.9,0.95,0.99", "--set", "totalSteps=900"];
    const { stdout } = wasmDqn(temporaryFolder(), "sweep", "--halving", "3", ...set, "--json");
    const { best, configurations } = JSON.parse(stdout) as {
      best: object;
      configurations: object[];
    };
    expect(configurations.map((one) => (one as { round: number }).round)).toEqual([2, 1, 1]);
    expect(best).toMatchObject({ recipe: "solve", round: { number: 2, steps: 900 } });
  });

  it("ends with the reasons if all trials of a round fail", () => {
    const bad = ["--set", "gamma=0.9,0.95,0.99", "--set", "batchSize=5000", "--seeds", "1"];
    const result = wasmDqn(temporaryFolder(), "sweep", "--halving", "3", ...bad);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/\nwasm-dqn: All 3 trials failed: batchSize must be at most/);
    expect(result.stderr).not.toContain("Round 2");
  });

  const random = ["--sampler", "random", "--trials", "9"];
  it.each([
    [["--halving", "1"], /--halving must be a whole number from 2 to 100, got "1"\./],
    [["--halving", "3"], /--halving 3 needs at least 3 configurations, got 1: use more --trials\./],
    [
      ["--halving", "3", ...random, "--set", "gamma=0.9..1", "--set", "totalSteps=900"],
      /more steps/,
    ],
    [["--set", "gamma=0.9..1"], /The range of --set gamma needs --sampler random\./],
    [
      [...random, "--set", "gamma=1..0.9"],
      /--set gamma must be a range from a smaller to a larger/,
    ],
    [
      [...random, "--set", "gamma=0.9..x"],
      /--set gamma must be a range from a smaller to a larger/,
    ],
    [["--halving", "3", "--sampler", "best"], /--sampler must be grid or random, got "best"\./],
  ])("rejects %j", (flags, message) => {
    const folder = temporaryFolder();
    const result = wasmDqn(folder, "sweep", ...flags);
    expect(result.stderr).toMatch(message);
    expect(result.stderr.trimEnd().split("\n")).toHaveLength(1);
    expect([result.code, existsSync(join(folder, "sweeps"))]).toEqual([2, false]);
  });
});

/** Paths of the run folders of a search. */
function trialsOf(folder: string): string[] {
  return readdirSync(join(folder, "s", "trials")).map((name) => join("s", "trials", name));
}

describe.skipIf(!hasRedis())("sweep --halving --queue, on a real Redis", () => {
  const { version } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  ) as { version: string };
  const keys = `wasm-dqn-checkpoint-${version}:*`;

  /** Searches on a queue. Returns its rows and the sums of the steps that the jobs trained, and of all their steps. */
  async function searchOnQueue(folder: string, meddle: (redis: Redis) => Promise<unknown>) {
    const port = await freePort();
    await startRedis(folder, port);
    const redis = new Redis(port, { maxRetriesPerRequest: null });
    const events = new QueueEvents(`wasm-dqn-trials-${version}`, { connection: { port } });
    onTestFinished(async () => {
      await events.close();
      redis.disconnect();
    });
    const sums = { trained: 0, all: 0 };
    events.on("completed", ({ returnvalue }) => {
      const { steps, trainedSteps } = returnvalue as unknown as JobResult;
      sums.trained += trainedSteps;
      sums.all += steps!;
    });
    await events.waitUntilReady();
    const url = `redis://127.0.0.1:${port}`;
    const worker = start(folder, process.execPath, [main, "worker", "--queue", url]);
    await worker.says("Waiting for trials");
    const args = [main, ...search, "--queue", url, "--out", "q"];
    const sweep = start(folder, process.execPath, args);
    let ended = false;
    void sweep.ended.then(() => {
      ended = true;
    });
    while (!ended) {
      await meddle(redis);
      await new Promise((resume) => setTimeout(resume, 5));
    }
    expect(await sweep.ended).toBe(0);
    expect(await redis.keys(keys)).toEqual([]);
    expect(existsSync(join(folder, "q", "trials"))).toBe(false);
    return { sums, found: rows(folder, "q") };
  }

  it("continues each round from checkpoints in Redis, to the rows of threads, and deletes them", async () => {
    const folder = temporaryFolder();
    const lifetimes: number[] = [];
    const { found, sums } = await searchOnQueue(folder, async (redis) => {
      for (const key of await redis.keys(keys)) lifetimes.push(await redis.ttl(key));
    });
    expect(wasmDqn(folder, ...search).code).toBe(0);
    expect(found).toEqual(rows(folder));
    // 18 trials of 300 steps, 6 that continue to 900, and 2 that continue to 2,700.
    await expect.poll(() => sums).toEqual({ trained: 12_600, all: 16_200 });
    expect(lifetimes.length).toBeGreaterThan(0);
    // A key without an expiry has a lifetime of -1, a deleted one of -2.
    expect(lifetimes).not.toContain(-1);
  });

  it("gives the same rows if Redis loses, damages, swaps or enlarges checkpoints", async () => {
    const folder = temporaryFolder();
    const seen = new Set<string>();
    const { found, sums } = await searchOnQueue(folder, async (redis) => {
      for (const key of await redis.keys(keys)) {
        seen.add(key);
        const [other] = seen;
        const at = [...seen].indexOf(key);
        if (at === 1) await redis.setrange(key, 64 * 2 ** 20, "x");
        else if (at % 3 === 0) await redis.setrange(key, 5_000, "damage");
        else if (at % 3 === 1) await redis.del(key);
        else await redis.copy(other!, key, "REPLACE");
      }
    });
    expect(wasmDqn(folder, ...search).code).toBe(0);
    expect(found).toEqual(rows(folder));
    await expect.poll(() => sums.all).toBe(16_200);
    expect(sums.trained).toBeGreaterThan(12_600);
  });
});
