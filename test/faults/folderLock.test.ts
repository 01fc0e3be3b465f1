import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder, wasmDqn } from "../cli/run.ts";
import { begin, runInMidst, wait } from "./process.ts";

const train = ["train", "--recipe", "tanh-64", "--solved-by", "none", "--total-episodes", "none"];
const endless = [...train, "--total-steps", "1000000000", "--checkpoint-every", "1000"];
const locks = (folder: string) => readdirSync(folder).filter((name) => name.endsWith(".lock"));

it("rejects a run folder that another process uses, and names the process", async () => {
  const folder = temporaryFolder();
  const first = begin(folder, endless);
  const run = await runInMidst(first, join(folder, "runs"));
  const held = locks(run);
  expect(held).toHaveLength(1);
  expect(wasmDqn(folder, "train", "--resume", run)).toEqual({
    code: 1,
    stdout: "",
    stderr: `wasm-dqn: ${run} is in use by process ${first.pid}.\n`,
  });
  expect(locks(run)).toEqual(held);

  first.kill("SIGTERM");
  expect(await first.ended).toBe(130);
  expect(locks(run)).toEqual([]);
  const more = wasmDqn(folder, "train", "--resume", run, "--total-steps", "1");
  expect(more).toMatchObject({ code: 0 });
});

it("resumes a run whose process was killed even if its process id is in use again", async () => {
  const folder = temporaryFolder();
  const first = begin(folder, endless);
  const run = await runInMidst(first, join(folder, "runs"));
  first.kill("SIGKILL");
  await first.ended;
  const [left = ""] = locks(run);
  const lock = JSON.parse(readFileSync(join(run, left), "utf8")) as { pid: number };
  expect(lock.pid).toBe(first.pid);
  // This process is alive but has another start time.
  writeFileSync(
    join(run, `wasm-dqn.${process.pid}.7.lock`),
    JSON.stringify({ ...lock, pid: process.pid }),
  );
  const next = wasmDqn(folder, "train", "--resume", run, "--total-steps", "1");
  expect(next).toMatchObject({ code: 0 });
  expect(locks(run)).toEqual([]);
});

it.each([
  [
    "a process on another machine",
    { host: "elsewhere", boot: "other" },
    /process 1 on elsewhere\./,
  ],
  ["a process in another container", { container: "pid:[1]" }, /process 1 on .*\./],
  ["an unreadable lock file", null, /another process\./],
])("keeps a folder locked for %s, and names the lock file", (_name, changes, said) => {
  const folder = temporaryFolder();
  wasmDqn(folder, "sweep", "--seeds", "1", "--set", "totalSteps=300", "--out", "s");
  const boot = "/proc/sys/kernel/random/boot_id";
  const here = {
    host: hostname(),
    boot: existsSync(boot) ? readFileSync(boot, "utf8").trim() : "",
  };
  const lock = { pid: 1, start: "7", container: "", ...here, ...changes };
  const path = join(folder, "s", "wasm-dqn.1.7.lock");
  writeFileSync(path, changes === null ? "" : JSON.stringify(lock));
  const result = wasmDqn(folder, "sweep", "--seeds", "1", "--out", "s");
  expect(result.stderr).toMatch(said);
  expect(result.stderr).toContain("If that process has ended, delete s/wasm-dqn.1.7.lock.");
  expect(result.code).toBe(1);
  expect(existsSync(path)).toBe(true);
});

it("ignores a lock file from before a restart of the machine", () => {
  const folder = temporaryFolder();
  const sweep = ["sweep", "--seeds", "1", "--set", "totalSteps=300", "--out", "s"];
  wasmDqn(folder, ...sweep);
  const lock = { pid: process.pid, start: "", host: hostname(), boot: "earlier", container: "" };
  writeFileSync(join(folder, "s", "wasm-dqn.1.7.lock"), JSON.stringify(lock));
  expect(wasmDqn(folder, ...sweep).code).toBe(0);
  expect(locks(join(folder, "s"))).toEqual([]);
});

it("rejects a second sweep in the same folder", async () => {
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
  expect(locks(join(folder, "s"))).toEqual([]);
});

it("locks a folder for at most one of many concurrent processes", async () => {
  const folder = temporaryFolder();
  const module = new URL("../../build/src/files/folderLock.js", import.meta.url).href;
  const script = `import { lockFolder } from "${module}";
    process.stdin.once("data", () => {
      try { lockFolder("."); console.log("mine"); } catch (error) { console.log(error.message); }
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
  for (const answer of answers) expect(answer).toMatch(/^(mine|\. is in use by process \d+\.)$/);
});
