import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main, temporaryFolder, wasmDqn } from "../cli/run.ts";

const LIMIT = { encoding: "utf8", timeout: 20_000, killSignal: "SIGKILL" } as const;

/** Runs the command. Kills it if it hangs. */
function ends(folder: string, ...args: string[]) {
  const child = spawnSync(process.execPath, [main, ...args], { cwd: folder, ...LIMIT });
  return { code: child.status, stderr: child.stderr };
}

const reading: [string, (path: string) => string[]][] = [
  ["configuration file", (path) => ["train", "--config", path, "--total-steps", "9"]],
  ["policy file", (path) => ["train", "--init-from", path, "--total-steps", "9"]],
  ["checkpoint", (path) => ["train", "--resume", path]],
  ["environment module", (path) => ["train", "--env", path, "--total-steps", "9"]],
  ["environment module", (path) => ["random", "--env", path]],
  ["policy file", (path) => ["evaluate", path]],
  ["policy file", (path) => ["play", path]],
  ["policy file", (path) => ["export", path, "--out", "x.onnx"]],
];

describe.skipIf(!existsSync("/dev/zero")).each(reading)("as a %s", (what, args) => {
  it.each(["/dev/zero", "./pipe"])(`${args("FILE").join(" ")} rejects %s`, (path) => {
    const folder = temporaryFolder();
    execFileSync("mkfifo", [join(folder, "pipe")]);
    expect(ends(folder, ...args(path))).toEqual({
      code: 1,
      stderr: `wasm-dqn: The ${what} ${path} is a device, a pipe or a socket, expected a regular file.\n`,
    });
  });

  it(`${args("FILE").join(" ")} rejects a file that is too large`, () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "large"), "");
    truncateSync(join(folder, "large"), 2 ** 33);
    const { code, stderr } = ends(folder, ...args("./large"));
    expect(stderr).toMatch(
      / \.\/large has 8,589,934,592 bytes, expected at most [\d,]+ bytes\.\n$/,
    );
    expect(code).toBe(1);
  });
});

describe.skipIf(!existsSync("/dev/zero"))("a FIFO in a folder", () => {
  it.each(["episodes.csv", "metrics.jsonl", "config.json"])("as %s is not plotted", (name) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "run"));
    const { stdout } = wasmDqn(folder, "train", "--total-steps", "200", "--json");
    const { runDirectory } = JSON.parse(stdout) as { runDirectory: string };
    rmSync(join(folder, runDirectory, name));
    execFileSync("mkfifo", [join(folder, runDirectory, name)]);
    const { code, stderr } = ends(folder, "plot", runDirectory);
    expect(stderr).toMatch(/ is a device, a pipe or a socket, expected a regular file\.\n$/);
    expect(code).toBe(1);
  });

  it.each(["episodes.csv", "checkpoint.safetensors"])("as %s is not resumed", (name) => {
    const folder = temporaryFolder();
    const { stdout } = wasmDqn(folder, "train", "--total-steps", "200", "--json");
    const { runDirectory } = JSON.parse(stdout) as { runDirectory: string };
    rmSync(join(folder, runDirectory, name));
    execFileSync("mkfifo", [join(folder, runDirectory, name)]);
    const { code, stderr } = ends(
      folder,
      "train",
      "--resume",
      runDirectory,
      "--total-steps",
      "400",
    );
    expect(stderr).toMatch(/ is a device, a pipe or a socket, expected a regular file\.\n$/);
    expect(code).toBe(1);
  });

  it("as results.csv is rejected by sweep", () => {
    const folder = temporaryFolder();
    execFileSync("mkfifo", [join(folder, "results.csv")]);
    const { code, stderr } = ends(folder, "sweep", "--seeds", "1", "--out", ".");
    expect(stderr).toMatch(
      /^wasm-dqn: The results file results\.csv is a device, a pipe or a socket/,
    );
    expect(code).toBe(1);
  });
});

const commands = [
  ["train", "--total-steps", "9"],
  ["sweep", "--seeds", "1"],
];

describe.skipIf(!existsSync("/proc/self")).each(commands)("%s --out", (...args) => {
  it.each(["/proc/nope", "/proc/self/x", "/proc/sys/x"])("%s ends with a message", (out) => {
    const { code, stderr } = ends(temporaryFolder(), ...args, "--out", out);
    expect(stderr).toMatch(
      new RegExp(`^wasm-dqn: Could not make the folder ${out}: [^\\n]+\\.\\n$`),
    );
    expect(code).toBe(1);
  });
});

it.skipIf(!existsSync("/proc/self"))(
  "rejects an --out in which no run folder can be created",
  () => {
    const { code, stderr } = ends(
      temporaryFolder(),
      "train",
      "--total-steps",
      "9",
      "--out",
      "/proc",
    );
    expect(stderr).toMatch(
      /^wasm-dqn: Could not make the folder \/proc\/.*: no folder can be made there\.\n$/,
    );
    expect(code).toBe(1);
  },
);

const inDeletedFolder: [string[], RegExp][] = [
  [commands[0]!, /^Could not make the folder runs: the working directory was deleted\.$/],
  [commands[1]!, /^The working directory was deleted\. Change to another folder\.$/],
  [[...commands[1]!, "--out", join(tmpdir(), "none")], /^The working directory was deleted\./],
  [["train", "--resume", "run"], /^There is no checkpoint run\.$/],
  [["train", "--config", "file"], /^There is no configuration file file\.$/],
  [["random", "--env", "a.ts"], /^There is no environment module a\.ts\.$/],
  [["evaluate", "policy"], /^There is no policy file policy\.$/],
  [["plot", "run"], /^There is no run\/episodes\.csv: expected a run folder\.$/],
];

describe.skipIf(process.platform !== "linux")("in a working directory that was deleted", () => {
  /** Runs the command in a folder that is deleted before it starts. */
  function endsThere(args: readonly string[]) {
    const folder = join(temporaryFolder(), "gone");
    mkdirSync(folder);
    const script = 'rmdir "$PWD" && exec "$@"';
    const shell = ["-c", script, "sh", process.execPath, main, ...args];
    return spawnSync("sh", shell, { cwd: folder, ...LIMIT });
  }

  it.each(inDeletedFolder)("%j ends with a message", (args, message) => {
    const { status, stderr } = endsThere(args);
    expect(stderr.replace(/^wasm-dqn: /, "").trimEnd()).toMatch(message);
    expect(status).toBe(1);
  });

  it("accepts absolute paths", () => {
    const folder = temporaryFolder();
    const module = join(folder, "environment.mjs");
    writeFileSync(
      module,
      `export default () => ({ observationSize: 1, actionCount: 2, reset: () => [0],
        step: () => ({ observation: [0], reward: 1, terminated: true, truncated: false }) });`,
    );
    const out = join(folder, "out");
    const { status, stderr } = endsThere([
      "train",
      "--total-steps",
      "9",
      "--env",
      module,
      "--out",
      out,
    ]);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(readdirSync(out)).toHaveLength(1);
  });
});
