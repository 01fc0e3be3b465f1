import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freePort, hasRedis, start, startRedis } from "./redis.ts";
import { main, temporaryFolder, wasmDqn } from "./run.ts";
import { rows } from "./sweepRows.ts";

const sweep = ["sweep", "--seeds", "1-8", "--out", "s", "--set", "learningRate=0.005,0.001"];

describe("sweep", () => {
  it("gives the same table with one worker and with two, in the order of the trials", () => {
    const folder = temporaryFolder();
    const two = wasmDqn(folder, ...sweep, "--workers", "2");
    expect(two.code).toBe(0);
    expect(wasmDqn(folder, ...sweep, "--workers", "1", "--out", "one").code).toBe(0);
    expect(rows(folder)).toHaveLength(17);
    expect(rows(folder)).toEqual(rows(folder, "one"));
    expect(two.stdout).toMatch(/\| solve learningRate=0\.005 \| 8 \| 100\.0% \| [\d,]+ \(/);
    expect(readFileSync(join(folder, "s", "report.md"), "utf8")).toContain("learningRate=0.001");
    expect(readFileSync(join(folder, "s", "report.svg"), "utf8")).toContain("Solved by this step");
  });

  it("continues a stopped sweep: runs missing trials and those with an incomplete row", () => {
    const folder = temporaryFolder();
    wasmDqn(folder, ...sweep);
    const whole = rows(folder);
    const path = join(folder, "s", "results.csv");
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    const marked = lines[3]!.replace(/,[0-9a-f]{64},/, `,${"f".repeat(64)},`);
    writeFileSync(path, `${[...lines.slice(0, 3), marked].join("\n")}\n${lines[4]!.slice(0, 30)}`);
    const again = wasmDqn(folder, ...sweep);
    expect(again.stderr).toContain("3 of 16 trials have results already.");
    expect(rows(folder)).toEqual(
      whole.map((row, k) => (k === 3 ? row.replace(/[0-9a-f]{64}/, "f".repeat(64)) : row)),
    );
  });

  it("writes the reason of a failed trial into its row", () => {
    const folder = temporaryFolder();
    const result = wasmDqn(
      folder,
      "sweep",
      "--seeds",
      "1-2",
      "--set",
      "batchSize=16,5000",
      "--out",
      "s",
      "--json",
    );
    expect(result.code).toBe(0);
    const report = JSON.parse(result.stdout) as { configurations: object[] };
    expect(report.configurations).toMatchObject([
      { name: "solve batchSize=16", trials: 2, failed: 0, solvedFraction: 1 },
      {
        name: "solve batchSize=5000",
        trials: 2,
        failed: 2,
        solvedFraction: null,
        finalReturn: null,
      },
    ]);
    expect(rows(folder)[3]).toMatch(/batchSize must be at most bufferSize/);
    expect(result.stderr).toContain("failed: batchSize must be at most bufferSize");
  });

  it.each([
    [["--seeds", "x"], /--seeds must be numbers or ranges up to 4294967295, such as 1-100/],
    [["--recipe", "x"], /recipe must be one of/],
    [["--set", "gamma"], /--set must be a hyperparameter and its values/],
    [["--set", "seed=1,2"], /--set must be a hyperparameter/],
    [["--sampler", "x"], /--sampler must be grid or random/],
    [["--sampler", "random"], /--sampler random needs --trials/],
    [["--trials", "3"], /--trials needs --sampler random/],
    [["--workers", "0"], /--workers must be a whole number from 1/],
    [["--queue", "http://x"], /--queue must be the URL of a Redis/],
  ])("rejects %j", (args, message) => {
    const result = wasmDqn(temporaryFolder(), "sweep", ...args);
    expect(result.stderr).toMatch(message);
    expect(result.stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(result.code).toBe(2);
  });

  it("rejects a foreign results.csv", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "results.csv"), "a,b\n");
    const result = wasmDqn(folder, "sweep", "--out", ".");
    expect(result).toMatchObject({
      code: 1,
      stderr: "wasm-dqn: results.csv is not the results of a sweep.\n",
    });
  });
});

describe.skipIf(!hasRedis())("sweep --queue, on a real Redis", () => {
  it("gives the same table as a local sweep although a worker is killed", async () => {
    const folder = temporaryFolder();
    const port = await freePort();
    await startRedis(folder, port);
    const url = `redis://127.0.0.1:${port}`;
    const worker = () =>
      start(folder, process.execPath, [main, "worker", "--queue", url, "--concurrency", "1"]);
    const [doomed, other] = [worker(), worker()];
    await Promise.all([doomed.says("Waiting for trials"), other.says("Waiting for trials")]);
    const many = ["sweep", "--seeds", "1-100", "--set", "learningRate=0.005,0.004"];
    const queued = start(folder, process.execPath, [main, ...many, "--queue", url, "--out", "q"]);
    await doomed.says("done: ", 10);
    doomed.child.kill("SIGKILL");
    expect(await queued.ended).toBe(0);
    other.child.kill("SIGTERM");
    expect(await other.ended).toBe(0);
    expect(wasmDqn(folder, ...many, "--out", "local").code).toBe(0);
    expect(rows(folder, "q")).toHaveLength(201);
    expect(rows(folder, "q")).toEqual(rows(folder, "local"));
  });

  it.each(["sweep", "worker"])("%s reports that no Redis answers", async (command) => {
    const url = `redis://127.0.0.1:${await freePort()}`;
    const result = wasmDqn(temporaryFolder(), command, "--queue", url);
    expect(result).toMatchObject({
      code: 1,
      stderr: `wasm-dqn: The Redis at ${url} does not answer.\n`,
    });
  });
});
