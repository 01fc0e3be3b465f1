import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryName } from "../../src/files/temporaryFile.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { temporaryFolder, wasmDqn } from "../cli/run.ts";

const train = ["train", "--recipe", "tanh-64", "--learning-starts", "100", "--json"];

/** Trains for 500 steps. Returns the path of the run folder, relative to `folder`. */
function trained(folder: string): string {
  const { stdout } = wasmDqn(folder, ...train, "--total-steps", "500");
  return (JSON.parse(stdout) as { runDirectory: string }).runDirectory;
}

/** The text of each file in a folder. */
const filesIn = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "latin1")]),
  );

/** Names of two temporary files: of a process that has ended, and of this process. */
function temporaryFiles(): { readonly left: string; readonly live: string } {
  const ended = spawnSync(process.execPath, ["-e", ""]).pid;
  const live = basename(temporaryName("config.json"));
  return { live, left: live.replace(`.${process.pid}-`, `.${ended}-`) };
}

/** Names of users' files and of other programs' temporary files. */
const foreign = [
  "weights_v2.safetensors.202611",
  "config.json.20261121",
  "episodes.csv.1234567",
  "results.csv.20261121",
  "report.md.1234567",
];

describe("files whose names only look temporary", () => {
  it("stay when a run is resumed, unlike temporary files of a killed process", () => {
    const folder = temporaryFolder();
    const run = trained(folder);
    const { left, live } = temporaryFiles();
    for (const name of [...foreign, left, live]) writeFileSync(join(folder, run, name), "mine");
    const result = wasmDqn(folder, "train", "--resume", run, "--total-steps", "600");
    expect(result.code).toBe(0);
    const names = readdirSync(join(folder, run));
    expect(names).toEqual(expect.arrayContaining([...foreign, live]));
    expect(names).not.toContain(left);
  });

  it("stay when a sweep writes to their folder", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "s"));
    const { left, live } = temporaryFiles();
    for (const name of [...foreign, left, live]) writeFileSync(join(folder, "s", name), "mine");
    const sweep = ["sweep", "--seeds", "1", "--set", "totalSteps=300", "--out", "s"];
    expect(wasmDqn(folder, ...sweep).code).toBe(0);
    const names = readdirSync(join(folder, "s"));
    expect(names).toEqual(expect.arrayContaining([...foreign, live]));
    expect(names).not.toContain(left);
  });

  it("stay when a sweep rejects the folder", () => {
    const folder = temporaryFolder();
    const { left } = temporaryFiles();
    for (const name of [...foreign, left]) writeFileSync(join(folder, name), "mine");
    writeFileSync(join(folder, "results.csv"), "not of a sweep\n");
    const before = filesIn(folder);
    expect(wasmDqn(folder, "sweep", "--seeds", "1", "--out", ".")).toMatchObject({ code: 1 });
    expect(filesIn(folder)).toEqual(before);
  });
});

describe("a checkpoint outside a run folder", () => {
  const own = ["config.json", "run.json", "policy.safetensors", "episodes.csv", "metrics.jsonl"];

  it.each(["my.safetensors", "checkpoint.safetensors"])(
    "named %s resumes in a new run folder and leaves neighbouring files unchanged",
    (name) => {
      const folder = temporaryFolder();
      const run = trained(folder);
      const project = join(folder, "proj");
      mkdirSync(project);
      for (const file of own) writeFileSync(join(project, file), "{}");
      copyFileSync(join(folder, run, "checkpoint.safetensors"), join(project, name));
      const before = filesIn(project);
      const resume = ["--resume", join("proj", name), "--total-steps", "900", "--out", "new"];
      const result = wasmDqn(folder, "train", "--json", ...resume);
      expect(result.code).toBe(0);
      expect(filesIn(project)).toEqual(before);
      const more = JSON.parse(result.stdout);
      expect(more.runDirectory).toMatch(/^new\/CartPole-v1__tanh-64__\d+__/);
      const whole = JSON.parse(wasmDqn(folder, ...train, "--total-steps", "900").stdout);
      expect(more.weightsSha256).toBe(whole.weightsSha256);
      const again = ["train", "--json", "--resume", more.runDirectory, "--total-steps", "901"];
      expect(JSON.parse(wasmDqn(folder, ...again).stdout).runDirectory).toBe(more.runDirectory);
    },
  );

  it("cannot be resumed by the name of its folder", () => {
    const folder = temporaryFolder();
    const checkpoint = join(folder, trained(folder), "checkpoint.safetensors");
    const project = join(folder, "proj");
    mkdirSync(project);
    copyFileSync(checkpoint, join(project, "checkpoint.safetensors"));
    for (const description of ["", "{}", "[]", '{"recipe": "solve"}']) {
      writeFileSync(join(project, "run.json"), description);
      const before = filesIn(project);
      expect(wasmDqn(folder, "train", "--resume", "proj")).toEqual({
        code: 1,
        stdout: "",
        stderr:
          "wasm-dqn: proj is not a run folder: expected a run.json that train wrote. To continue a checkpoint in a new run folder, give the path of its file.\n",
      });
      expect(filesIn(project)).toEqual(before);
    }
  });

  it("with a path as its recipe writes only inside --out", () => {
    const folder = temporaryFolder();
    const file = join(folder, trained(folder), "checkpoint.safetensors");
    const training = resumeTraining(readCheckpoint(new Uint8Array(readFileSync(file)), file));
    writeFileSync(join(folder, "odd.safetensors"), encodeCheckpoint(training, "../../odd/odd"));
    const resume = ["--resume", "odd.safetensors", "--total-steps", "600", "--out", "a/b/new"];
    expect(wasmDqn(folder, "train", ...resume).code).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(["a", "odd.safetensors", "runs"]);
    expect(readdirSync(join(folder, "a"))).toEqual(["b"]);
    expect(readdirSync(join(folder, "a", "b"))).toEqual(["new"]);
  });
});

it("resuming a damaged checkpoint changes nothing in its run folder", () => {
  const folder = temporaryFolder();
  const run = join(folder, trained(folder));
  const { left } = temporaryFiles();
  writeFileSync(join(run, left), "half saved");
  writeFileSync(join(run, "checkpoint.safetensors"), "damaged");
  const before = filesIn(run);
  const result = wasmDqn(folder, "train", "--resume", run, "--total-steps", "600");
  expect(result.stderr).toMatch(/checkpoint\.safetensors is not a readable/);
  expect(result.code).toBe(1);
  expect(filesIn(run)).toEqual(before);
});

it("a sweep does not overwrite a foreign report.md", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "report.md"), "mine");
  const result = wasmDqn(folder, "sweep", "--seeds", "1", "--set", "totalSteps=300", "--out", ".");
  expect(result.stderr).toMatch(
    /^wasm-dqn: \. holds a report\.md without a results\.csv, so no sweep wrote it.*\.\n$/,
  );
  expect(result.code).toBe(1);
  expect(readFileSync(join(folder, "report.md"), "utf8")).toBe("mine");
  expect(existsSync(join(folder, "results.csv"))).toBe(false);
});
