import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder, wasmDqn } from "../cli/run.ts";
import { begin, runInMidst, wait } from "./process.ts";

const train = ["train", "--recipe", "tanh-64", "--solved-by", "none", "--total-episodes", "none"];
const endless = [...train, "--total-steps", "1000000000", "--checkpoint-every", "1000"];
const claims = (folder: string) =>
  readdirSync(folder).filter((name) => /^running\..*\.json$/.test(name));

it("a run that another process is training is refused, by its folder and its number", async () => {
  const folder = temporaryFolder();
  const first = begin(folder, endless);
  const run = await runInMidst(first, join(folder, "runs"));
  const held = claims(run);
  expect(held).toHaveLength(1);
  expect(wasmDqn(folder, "train", "--resume", run)).toEqual({
    code: 1,
    stdout: "",
    stderr: `wasm-dqn: ${run} is in use by process ${first.pid}.\n`,
  });
  expect(claims(run)).toEqual(held);

  first.kill("SIGTERM");
  expect(await first.ended).toBe(130);
  expect(claims(run)).toEqual([]);
  const more = wasmDqn(folder, "train", "--resume", run, "--total-steps", "1");
  expect(more).toMatchObject({ code: 0 });
});

it("a run whose process was killed is the next one's, though its number lives on", async () => {
  const folder = temporaryFolder();
  const first = begin(folder, endless);
  const run = await runInMidst(first, join(folder, "runs"));
  first.kill("SIGKILL");
  await first.ended;
  const [left = ""] = claims(run);
  const claim = JSON.parse(readFileSync(join(run, left), "utf8")) as { pid: number };
  expect(claim.pid).toBe(first.pid);
  // This process lives, but has begun at another time.
  writeFileSync(
    join(run, `running.${process.pid}.7.json`),
    JSON.stringify({ ...claim, pid: process.pid }),
  );
  const next = wasmDqn(folder, "train", "--resume", run, "--total-steps", "1");
  expect(next).toMatchObject({ code: 0 });
  expect(claims(run)).toEqual([]);
});

it.each([
  [
    "a process of another machine",
    { host: "elsewhere", boot: "other" },
    /process 1 on elsewhere\./,
  ],
  ["a process of another container", { container: "pid:[1]" }, /process 1 on .*\./],
  ["a claim that cannot be read", null, /another process\./],
])("%s is believed, and the file named that says it", (_name, changes, said) => {
  const folder = temporaryFolder();
  wasmDqn(folder, "sweep", "--seeds", "1", "--set", "batchSize=5000", "--out", "s");
  const boot = "/proc/sys/kernel/random/boot_id";
  const here = {
    host: hostname(),
    boot: existsSync(boot) ? readFileSync(boot, "utf8").trim() : "",
  };
  const claim = { pid: 1, start: "7", container: "", ...here, ...changes };
  const path = join(folder, "s", "running.1.7.json");
  writeFileSync(path, changes === null ? "" : JSON.stringify(claim));
  const result = wasmDqn(folder, "sweep", "--seeds", "1", "--out", "s");
  expect(result.stderr).toMatch(said);
  expect(result.stderr).toContain("If that has ended, delete s/running.1.7.json.");
  expect(result.code).toBe(1);
  expect(existsSync(path)).toBe(true);
});

it("a claim from before the machine was started again is an ended process's", () => {
  const folder = temporaryFolder();
  const sweep = ["sweep", "--seeds", "1", "--set", "batchSize=5000", "--out", "s"];
  wasmDqn(folder, ...sweep);
  const claim = { pid: process.pid, start: "", host: hostname(), boot: "earlier", container: "" };
  writeFileSync(join(folder, "s", "running.1.7.json"), JSON.stringify(claim));
  expect(wasmDqn(folder, ...sweep).code).toBe(0);
  expect(claims(join(folder, "s"))).toEqual([]);
});

it("two sweeps do not share a folder", async () => {
  const folder = temporaryFolder();
  const sweep = ["sweep", "--seeds", "1-1000", "--workers", "1", "--out", "s"];
  const first = begin(folder, sweep);
  while (!existsSync(join(folder, "s", "results.csv"))) await wait(10);
  expect(wasmDqn(folder, ...sweep)).toEqual({
    code: 1,
    stdout: "",
    stderr: `wasm-dqn: s is in use by process ${first.pid}.\n`,
  });
  first.kill("SIGINT");
  expect(await first.ended).toBe(130);
  expect(claims(join(folder, "s"))).toEqual([]);
});

it("of many that want a folder at once, no two get it", async () => {
  const folder = temporaryFolder();
  const module = new URL("../../build/src/files/folderClaim.js", import.meta.url).href;
  const script = `import { claimFolder } from "${module}";
    process.stdin.once("data", () => {
      try { claimFolder("."); console.log("mine"); } catch (error) { console.log(error.name); }
    });`;
  const processes = Array.from({ length: 4 }, () => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      cwd: folder,
      stdio: ["pipe", "pipe", "inherit"],
    });
    const answer = new Promise<string>((resolve) =>
      child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim())),
    );
    return { child, answer, ready: new Promise((resolve) => child.once("spawn", resolve)) };
  });
  await Promise.all(processes.map(({ ready }) => ready));
  for (const { child } of processes) child.stdin.write("now\n");
  const answers = await Promise.all(processes.map(({ answer }) => answer));
  for (const { child } of processes) child.stdin.end();
  expect(answers.filter((answer) => answer === "mine").length).toBeLessThanOrEqual(1);
  expect(answers.every((answer) => answer === "mine" || answer === "RunError")).toBe(true);
});
