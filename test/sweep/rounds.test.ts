// A trial that pauses after each round and continues from its checkpoint.
import { copyFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chosenConfig } from "../../src/config/chosenConfig.ts";
import { Training } from "../../src/dqn/training.ts";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";
import { encodeCheckpoint } from "../../src/formats/checkpoint.ts";
import { readJob, writeJob } from "../../src/sweep/job.ts";
import { checkpointName, readKeptCheckpoint } from "../../src/sweep/keptTrial.ts";
import { RowReader, writeRow } from "../../src/sweep/resultRow.ts";
import { resumeTrial } from "../../src/sweep/resumeTrial.ts";
import { roundCheckpoint } from "../../src/sweep/roundCheckpoint.ts";
import { runTrial, type TrialEnd } from "../../src/sweep/runTrial.ts";
import type { Trial } from "../../src/sweep/trial.ts";
import { temporaryFolder } from "../cli/run.ts";
import { nim } from "../dqn/nim.ts";

const changes = {
  totalSteps: 2_700,
  learningRate: 0.002,
  prioritized: true,
  solvedBy: "none",
} as const;
const trial: Trial = { recipe: "solve", changes, seed: 3 };
const steps = [300, 900, 2_700];

/** Runs a trial in rounds. `between` is called after each round. */
async function inRounds(
  folder: string | null,
  {
    environments,
    own = trial,
    between,
  }: {
    environments?: ReadonlyMap<string, EnvironmentSpec>;
    own?: Trial;
    between?: (number: number) => void;
  } = {},
) {
  const results = [];
  for (const [k, pause] of steps.entries()) {
    const round = { number: k + 1, steps: pause };
    const setting = { environments: environments ?? new Map(), folder };
    results.push(await runTrial({ ...own, round }, setting));
    between?.(k + 1);
  }
  return results;
}

const withoutSeconds = (path: string) =>
  readFileSync(path, "utf8").replace(/,[\d.]+$|"time\/fps":\d+/gm, "");

describe("a trial in rounds", () => {
  it("ends with the weights, the return and the curves of one that never stopped", async () => {
    const [folder, whole] = [temporaryFolder(), temporaryFolder()];
    const rounds = await inRounds(folder);
    expect(rounds.map((result) => result.steps)).toEqual(steps);
    expect(new Set(rounds.map(({ weightsSha256 }) => weightsSha256)).size).toBe(3);
    const plain = await runTrial(trial, { environments: new Map(), folder: whole });
    const { finalReturn, episodes, meanReturn100, weightsSha256 } = plain;
    expect(plain.error).toBe("");
    expect(rounds[2]).toMatchObject({ finalReturn, episodes, meanReturn100, weightsSha256 });
    for (const file of ["episodes.csv", "metrics.jsonl"]) {
      expect(withoutSeconds(join(folder, file))).toBe(withoutSeconds(join(whole, file)));
    }
    expect(existsSync(join(whole, checkpointName))).toBe(false);
    expect(rounds[2]!.seconds).toBeGreaterThan(rounds[1]!.seconds!);
  });

  it("ends with the same weights without a checkpoint, or with one that is damaged or of another trial", async () => {
    const { weightsSha256 } = await runTrial(trial);
    const [none, damaged, foreign, other] = [null, ...[1, 2, 3].map(() => temporaryFolder())];
    expect((await inRounds(none ?? null))[2]).toMatchObject({ weightsSha256 });
    const cut = { between: () => truncateSync(join(damaged!, checkpointName), 999) };
    expect((await inRounds(damaged!, cut))[2]).toMatchObject({ weightsSha256 });
    await inRounds(other!, { own: { ...trial, seed: 4 } });
    const copy = () => copyFileSync(join(other!, checkpointName), join(foreign!, checkpointName));
    expect((await inRounds(foreign!, { between: copy }))[2]).toMatchObject({ weightsSha256 });
  });

  it("continues from the checkpoint of the round before, if it is of the same run", async () => {
    const folder = temporaryFolder();
    await runTrial(
      { ...trial, round: { number: 1, steps: 300 } },
      { environments: new Map(), folder },
    );
    const config = chosenConfig("solve", { ...changes, seed: 3 });
    const round = { number: 2, steps: 900 };
    const resume = (more: object = {}) =>
      resumeTrial(readKeptCheckpoint(folder), { config, own: undefined, round, ...more }, {});
    expect(resume()?.training.steps).toBe(300);
    expect(resume({ round: { number: 1, steps: 300 } })).toBeNull();
    expect(resume({ round: { number: 2, steps: 299 } })).toBeNull();
    expect(resume({ config: { ...config, seed: 4 } })).toBeNull();
    expect(resume({ own: { ...customEnvironment("nim", nim), hash: "0" } })).toBeNull();
    truncateSync(join(folder, checkpointName), 999);
    expect(resume()).toBeNull();
  });

  type Pass = (bytes: Uint8Array) => Uint8Array | null;

  /** Runs a trial in rounds without a folder, like workers of a queue. `pass` changes what the next round gets. */
  async function withoutFolder(pass: Pass) {
    let checkpoint: Uint8Array | null = null;
    const ends: TrialEnd[] = [];
    let result = null;
    for (const [k, pause] of steps.entries()) {
      const round = { number: k + 1, steps: pause };
      const onEnd = (end: TrialEnd) => ends.push(end);
      const setting = { environments: new Map(), folder: null, checkpoint, onEnd };
      result = await runTrial({ ...trial, round }, setting);
      checkpoint = ends[k]!.checkpoint && pass(ends[k]!.checkpoint!);
    }
    return { ends, result };
  }

  it("continues from a checkpoint in memory, and writes none after the last round", async () => {
    const { weightsSha256 } = await runTrial(trial);
    const { ends, result } = await withoutFolder((bytes) => bytes);
    expect(result).toMatchObject({ weightsSha256 });
    expect(ends.map(({ trainedSteps }) => trainedSteps)).toEqual([300, 600, 1_800]);
    expect(ends.map(({ checkpoint }) => checkpoint !== null)).toEqual([true, true, false]);
  });

  it.each<[string, Pass]>([
    ["missing", () => null],
    ["empty", () => new Uint8Array(0)],
    ["cut off", (bytes) => bytes.slice(0, -1)],
    ["damaged", (bytes) => bytes.with(bytes.length - 9, bytes.at(-9)! ^ 1)],
  ])("trains from its start if the checkpoint in memory is %s", async (_, pass) => {
    const { weightsSha256 } = await runTrial(trial);
    const { ends, result } = await withoutFolder(pass);
    expect(result).toMatchObject({ weightsSha256 });
    expect(ends.map(({ trainedSteps }) => trainedSteps)).toEqual(steps);
  });

  it("has no checkpoint that is too large", () => {
    const training = new Training(chosenConfig("solve", { ...changes, seed: 3 }));
    training.advance(300);
    const { length } = encodeCheckpoint(training, "solve", 1);
    expect(roundCheckpoint(training, "solve", 1, length - 1)).toBeNull();
    expect(roundCheckpoint(training, "solve", 1, length)).toEqual(
      encodeCheckpoint(training, "solve", 1),
    );
  });

  it("does not continue from a checkpoint of a later round or an earlier search", async () => {
    const folder = temporaryFolder();
    const first = await inRounds(folder);
    expect((await inRounds(folder)).map(({ weightsSha256 }) => weightsSha256)).toEqual(
      first.map(({ weightsSha256 }) => weightsSha256),
    );
  });

  it.each([
    ["saves its state", nim],
    ["cannot save its state", () => ({ ...nim(), getState: undefined as never })],
  ])("gives the same weights if the environment %s", async (_, make) => {
    const spec = customEnvironment("nim", make);
    const environments = new Map([["nim@0", { ...spec, hash: "0" }]]);
    const own = { ...trial, changes: { ...changes, env: "nim@0" } };
    const whole = await runTrial(own, { environments, folder: null });
    expect(whole.error).toBe("");
    const rounds = await inRounds(temporaryFolder(), { environments, own });
    expect(rounds[2]!.weightsSha256).toBe(whole.weightsSha256);
  });
});

describe("a round", () => {
  const round = { number: 2, steps: 900 };

  it("is stored in a row and in a job", async () => {
    const result = await runTrial({ ...trial, round });
    const row = new RowReader("1").read(writeRow(result, "1"));
    expect(row).toEqual({ kind: "result", result });
    expect(readJob(writeJob({ ...trial, round }, "1"), "1")).toEqual({ ...trial, round });
    expect(readJob(writeJob(trial, "1"), "1")).toEqual(trial);
  });

  it("is validated", () => {
    const job = { ...writeJob(trial, "1"), round: { number: 1, steps: 0.5 } };
    expect(() => readJob(job, "1")).toThrow("A trial's round must have a number and steps, got");
    const { seed } = trial;
    const bad = { ...trial, round: { number: 0, steps: 5 } };
    const nothing = {
      steps: null,
      episodes: null,
      seconds: null,
      solved: null,
      weightsSha256: null,
    };
    const result = { ...bad, seed, ...nothing, meanReturn100: null, finalReturn: null, error: "x" };
    expect(new RowReader("1").read(writeRow(result, "1"))).toEqual({ kind: "unreadable" });
  });
});
