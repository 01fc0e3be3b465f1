import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { processPeer } from "../../src/bench/processPeer.ts";
import { trainingSteps } from "../../src/bench/workloads.ts";
import { RunError } from "../../src/errors.ts";

function runBuilt(name: string, ...args: string[]) {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [`build/src/bench/${name}.js`, ...args],
    { encoding: "utf8" },
  );
  return { status, stderr: stderr.trim().split("\n"), stdout };
}

it.each([
  ["peers", ["--nativ"], "Unknown option '--nativ'"],
  ["peers", ["native"], "Unexpected argument 'native'"],
  ["peers", ["--python"], "Option '--python <value>' argument missing"],
  ["nodes", ["--node", "twenty"], "--node must be a comma-separated list of major versions"],
])("rejects wrong arguments of %s with one sentence: %j", (name, args, message) => {
  const { status, stderr, stdout } = runBuilt(name, ...args);
  expect({ status, stdout, lines: stderr.length }).toEqual({ status: 2, stdout: "", lines: 1 });
  expect(stderr[0]).toContain(message);
});

const program = (text: string) =>
  processPeer(process.execPath, ["--input-type=module", "-e", text]);

it("reads one time per step from a peer", async () => {
  const peer = await program(
    `import { createInterface } from "node:readline";
     for await (const line of createInterface({ input: process.stdin })) console.log(JSON.parse(line).batchSize);`,
  );
  expect(await peer(trainingSteps[2]!)).toBe(64);
  expect(await peer(trainingSteps[3]!)).toBe(128);
});

it("names the reason why a peer cannot start", async () => {
  await expect(processPeer("/nowhere/python3", [])).rejects.toThrow(
    new RunError('"/nowhere/python3" could not be started.'),
  );
  await expect(program("throw 'No module named torch'")).rejects.toThrow(RunError);
  await expect(
    program("console.error('first'); console.error('No module named torch'); process.exit(1)"),
  ).rejects.toThrow(new RunError("No module named torch"));
});

it("names the reason why a peer ends later", async () => {
  const peer = await program(
    `process.stdin.once("data", () => {
       console.log(1);
       process.stdin.once("data", () => { console.error("other losses"); process.exit(1); });
     });`,
  );
  await expect(peer(trainingSteps[1]!)).rejects.toThrow(new RunError("other losses"));
});
