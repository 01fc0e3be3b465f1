import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createJiti } from "jiti";
import { describe, expect, it } from "vitest";
import { main, temporaryFolder, wasmDqn } from "./run.ts";

/** An environment module that runs `before` when it is loaded and `deed` in a step. */
const environment = (before: string, step = 0, deed = "") => `${before};
let steps = 0;
export default () => ({
  observationSize: 1,
  actionCount: 2,
  reset: () => [0],
  step() {
    if (++steps === ${step}) ${deed};
    return { observation: [0], reward: 1, terminated: steps % 10 === 0, truncated: false };
  },
});`;

function folderWith(text: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "env.mjs"), text);
  return folder;
}

const short = ["--env", "./env.mjs", "--total-steps", "500", "--solved-by", "none"];

describe("an environment that ends the process gives one sentence and exit code 1", () => {
  it.each([
    [
      "train",
      "while it is loaded",
      environment("process.exit()"),
      " while its module ./env.mjs was loading",
    ],
    [
      "random",
      "while it is loaded",
      environment("process.exit()"),
      " while its module ./env.mjs was loading",
    ],
    [
      "train",
      "in the final evaluation",
      environment("", 700, "process.exit()"),
      " in the final evaluation",
    ],
    ["random", "in a step", environment("", 7, "process.exit()"), ""],
  ])("%s: %s", (command, _when, text, where) => {
    const flags = command === "train" ? short : ["--env", "./env.mjs"];
    const { code, stderr } = wasmDqn(folderWith(text), command, ...flags);
    expect(stderr).toBe(`wasm-dqn: The environment ended the process${where}.\n`);
    expect(code).toBe(1);
  });

  it.each(["train", "random"])("%s: a module that never finishes loading", (command) => {
    const folder = folderWith(environment("await new Promise(() => {})"));
    const { code, stderr } = wasmDqn(folder, command, "--env", "./env.mjs");
    expect(stderr).toBe(
      "wasm-dqn: The environment module ./env.mjs could not be loaded: its top-level await never settles.\n",
    );
    expect(code).toBe(1);
  });
});

it.each(["train", "random"])("%s exits although an environment left a timer running", (command) => {
  const folder = folderWith(environment("setInterval(() => {}, 1000)"));
  const flags = command === "train" ? short : ["--env", "./env.mjs"];
  const { code, stdout } = wasmDqn(folder, command, ...flags, "--json");
  expect(JSON.parse(stdout)).toBeInstanceOf(Object);
  expect(code).toBe(0);
});

it("keeps the order of the environment's and the command's output", () => {
  const folder = folderWith(environment("console.log('loaded')", 5, "console.log('stepped')"));
  const { stdout } = wasmDqn(folder, "train", ...short);
  expect(stdout).toMatch(/^loaded\nstepped\nepisode +1 /);
  expect(stdout).toMatch(/\n {2}runs\/.*\n$/);
});

it("a closed output pipe ends a run silently with exit code 0 and a checkpoint", async () => {
  const folder = temporaryFolder();
  const args = ["train", "--total-steps", "1000000", "--solved-by", "none", "--log-interval", "1"];
  const child = spawn(process.execPath, [main, ...args], { cwd: folder });
  let says = "";
  child.stderr.on("data", (text: Buffer) => {
    says += text.toString();
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect([code, says]).toEqual([0, ""]);
  const [run = ""] = readdirSync(join(folder, "runs"));
  const files = readdirSync(join(folder, "runs", run));
  expect(files).toContain("policy.safetensors");
  expect(files.filter((name) => name.endsWith(".lock"))).toEqual([]);
  const more = wasmDqn(folder, "train", "--resume", join("runs", run), "--total-steps", "1");
  expect(more.stderr).toContain("is finished at step");
});

it.skipIf(process.platform !== "linux").each(["", "--json"])(
  "a full standard output ends with one sentence and a checkpoint: train %s",
  (flag) => {
    const folder = temporaryFolder();
    const args = `train --total-steps 3000 ${flag} > /dev/full`;
    const { status, stderr } = spawnSync("sh", ["-c", `"${process.execPath}" "${main}" ${args}`], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(stderr).toMatch(
      /(^|\n)wasm-dqn: Could not write to the standard output: the disk is full\.\n$/,
    );
    expect(status).toBe(1);
    const [run = ""] = readdirSync(join(folder, "runs"));
    expect(readdirSync(join(folder, "runs", run))).toContain("policy.safetensors");
  },
);

it("runs no code from jiti's file cache, which is in a shared folder", async () => {
  const folder = temporaryFolder();
  const module = join(folder, "env.ts");
  writeFileSync(module, environment("console.log('own' as string)"));
  const temporary = temporaryFolder();
  const cache = join(temporary, "jiti");
  await createJiti(module, { fsCache: cache }).import(module);
  const files = () =>
    readdirSync(cache, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const [file] = files();
  const path = join(file!.parentPath, file!.name);
  const code = readFileSync(path, "utf8");
  expect(code).toContain("'own'");
  writeFileSync(path, code.replace("'own'", "'planted'"));
  const { stdout } = spawnSync(process.execPath, [main, "random", "--env", "./env.ts"], {
    ...{ cwd: folder, encoding: "utf8", env: { ...process.env, TMPDIR: temporary } },
  });
  expect(stdout).toMatch(/^own\nRandom actions in/);
  expect(files()).toHaveLength(1);
});

it("warns when --config and --resume run a module that only the file names", () => {
  const folder = folderWith(environment(""));
  writeFileSync(join(folder, "config.json"), '{"env": "./env.mjs"}');
  const flags = ["--total-steps", "500", "--solved-by", "none", "--json"];
  const sentence = (module: string, file: string) =>
    `Running the environment module ${module}, which ${file} names.\n`;
  const first = wasmDqn(folder, "train", "--config", "config.json", ...flags);
  expect(first.stderr).toContain(sentence("./env.mjs", "config.json"));
  const named = ["--config", "config.json", "--env", "./env.mjs"];
  expect(wasmDqn(folder, "train", ...named, ...flags).stderr).not.toContain("Running");
  const { runDirectory } = JSON.parse(first.stdout) as { runDirectory: string };
  const more = wasmDqn(folder, "train", "--resume", runDirectory, "--total-steps", "510");
  expect(more.stderr).toContain(
    sentence(realpathSync(join(folder, "env.mjs")), join(runDirectory, "run.json")),
  );
});

it("trains on js in an engine without WebAssembly, and rejects --backend wasm", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ["--jitless", main, ...args], {
      cwd: temporaryFolder(),
      encoding: "utf8",
    });
  const wasm = run("train", "--total-steps", "50");
  expect(wasm.stderr).toMatch(
    /wasm-dqn: backend wasm needs WebAssembly SIMD, .*: use backend js\.\n$/,
  );
  expect(wasm.status).toBe(2);
  expect(run("train", "--total-steps", "50", "--backend", "js").status).toBe(0);
  expect(run("random", "--episodes", "2").status).toBe(0);
});

it.each([
  ["true", ["1", "3", "5"]],
  ["false", ["2", "4"]],
])("with --log-first %s prints and logs every second episode: %j", (first, expected) => {
  const folder = temporaryFolder();
  const flags = ["--total-episodes", "5", "--log-interval", "2", "--log-first", first];
  const { stdout } = wasmDqn(folder, "train", ...flags);
  expect([...stdout.matchAll(/^episode +(\d+)/gm)].map((match) => match[1])).toEqual(expected);
  const [run = ""] = readdirSync(join(folder, "runs"));
  const rows = readFileSync(join(folder, "runs", run, "metrics.jsonl"), "utf8");
  const logged = [...rows.matchAll(/"time\/episodes":(\d+)/g)].map((match) => match[1]);
  expect(logged).toEqual(expected);
});
