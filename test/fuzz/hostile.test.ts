import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import { summarize } from "../../src/dqn/evaluation.ts";
import { Training } from "../../src/dqn/training.ts";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import { makeEnvironment } from "../../src/environments/registry.ts";
import { RunError, show, UsageError } from "../../src/errors.ts";
import { lockFolder } from "../../src/files/folderLock.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { openPolicy } from "../../src/formats/policy.ts";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import type { Tensor } from "../../src/network/namedTensor.ts";
import { planTrials, readSeeds } from "../../src/sweep/plan.ts";
import { ResultsFile } from "../../src/sweep/resultsFile.ts";
import { configOfFlags } from "./configOfFlags.ts";
import { lastingFolder } from "./folder.ts";

const folder = lastingFolder();
const MEBIBYTE = 2 ** 20;

/** The error of an action, and the growth of the process in bytes. */
function refusal(action: () => unknown): { error: unknown; grown: number } {
  const before = process.memoryUsage.rss();
  let error: unknown = null;
  try {
    action();
  } catch (thrown) {
    error = thrown;
  }
  return { error, grown: process.memoryUsage.rss() - before };
}

/** A safetensors file with this header and a number of zero bytes as data. */
function craft(header: string, bytes: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + text.length + bytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

describe("memory stays proportional to the file's size", () => {
  it("rejects 3,000 tensors that overlap in one MiB before copying any", () => {
    const entry = JSON.stringify({ dtype: "U8", shape: [MEBIBYTE], data_offsets: [0, MEBIBYTE] });
    const names = Array.from({ length: 3_000 }, (_, k) => `"t${k}":${entry}`);
    const file = craft(`{${names.join()}}`, MEBIBYTE);
    const { error, grown } = refusal(() => decodeTensors(file, "file"));
    expect(error).toBeInstanceOf(RunError);
    expect(String(error)).toContain("overlaps another tensor");
    expect(grown).toBeLessThan(64 * MEBIBYTE);
  });

  const training = new Training({ ...defaults, totalSteps: 50, hiddenSizes: [3], bufferSize: 99 });
  training.advance(20);
  const { metadata, tensors } = decodeTensors(encodeCheckpoint(training), "file");
  const changed = (changes: Partial<Config>, others: readonly Tensor[] = tensors) => {
    const config = JSON.stringify({ ...training.config, ...changes });
    return encodeSafetensors({ metadata: { ...metadata, config }, tensors: others });
  };

  it("rejects a checkpoint of a few KB for a network of 3 GiB before allocating memory", () => {
    const file = changed({ hiddenSizes: [13_000, 13_000] });
    expect(file.length).toBeLessThan(8_192);
    const { error, grown } = refusal(() => resumeTraining(readCheckpoint(file, "file")));
    expect(String(error)).toMatch(/^RunError: file needs an array online of \d+ numbers/);
    expect(grown).toBeLessThan(64 * MEBIBYTE);
  });

  it.each(["wasm", "js"] as const)(
    "resumes a checkpoint with an almost empty replay buffer of 3 GiB on %s without touching unused memory",
    (backend) => {
      const run = new Training({ ...training.config, backend, prioritized: true });
      run.advance(20);
      const { metadata, tensors } = decodeTensors(encodeCheckpoint(run), "file");
      const config = JSON.stringify({ ...run.config, bufferSize: 33_000_000 });
      const file = encodeSafetensors({ metadata: { ...metadata, config }, tensors });
      let resumed: Training | undefined;
      const { error, grown } = refusal(() => {
        resumed = resumeTraining(readCheckpoint(file, "file"));
        resumed.advance(10);
      });
      // The allocation fails on a machine with too little memory.
      if (error !== null) expect(error).toBeInstanceOf(Error);
      else expect(resumed?.plan.bytes).toBeGreaterThan(2 * 2 ** 30);
      expect(grown).toBeLessThan(64 * MEBIBYTE);
    },
  );

  it("rejects a policy that claims 50,000 layers", () => {
    const layers = JSON.stringify([4, ...new Array<number>(50_000).fill(1), 2]);
    const metadata = { wasm_dqn_policy: "1", env: "CartPole-v1", activation: "relu", layers };
    const file = encodeSafetensors({ metadata, tensors: [] });
    const { error, grown } = refusal(() => openPolicy(file, "file"));
    expect(String(error)).toMatch(/^RunError: In file: layers must be a list of at most 102/);
    expect(grown).toBeLessThan(64 * MEBIBYTE);
  });

  it("rejects states that would loop forever: random streams of zeros, angles of 1e12 turns", () => {
    for (const name of ["replayStream", "explorationStream"]) {
      const zeros = tensors.map((tensor) =>
        tensor.name === name ? { ...tensor, values: new Uint32Array(4) } : tensor,
      );
      const resume = () => resumeTraining(readCheckpoint(changed({}, zeros), "file"));
      expect(resume).toThrow(`file contradicts itself: ${name} is all zeros.`);
    }
    const acrobot = makeEnvironment("Acrobot-v1");
    acrobot.reset({ seed: 1 });
    const before = acrobot.getState!();
    const far = before.slice();
    new Float64Array(far.buffer)[0] = 1e13;
    expect(() => acrobot.setState!(far)).toThrow("the environment's state holds invalid numbers.");
    expect(acrobot.getState!()).toEqual(before);
    expect(() => acrobot.setState!(before.fill(0, 32, 48))).toThrow(
      "the environment's state holds invalid numbers.",
    );
  });

  it("rejects checkpoints with extra or missing tensors or invalid actions", () => {
    const more = [...tensors, { name: "malware", shape: [1], values: Uint8Array.of(1) }];
    const resume = (others: readonly Tensor[]) => () =>
      resumeTraining(readCheckpoint(changed({}, others), "file"));
    expect(resume(more)).toThrow("file contradicts itself: malware is not an array of a run.");
    const recipe = encodeSafetensors({ metadata: { ...metadata, recipe: "\u001b[2Jx" }, tensors });
    expect(readCheckpoint(recipe, "file").recipe).toBe("[2Jx");
    const without = tensors.filter(({ name }) => name !== "environment");
    expect(resume(without)).toThrow("file contradicts itself: it has no state of CartPole-v1.");
    const acted = tensors.map((tensor): Tensor => {
      if (tensor.name !== "transitions") return tensor;
      const values = tensor.values.slice();
      values[8] = 2;
      return { ...tensor, values };
    });
    expect(resume(acted)).toThrow(
      "file contradicts itself: it has action 2, expected a whole number below 2.",
    );
  });
});

describe("messages are one line", () => {
  it.each<[unknown, string]>([
    [1n, "[bigint]"],
    [Symbol("s"), "Symbol(s)"],
    [JSON.parse(`${"[".repeat(1e5)}${"]".repeat(1e5)}`), "[object]"],
    [{ toJSON: () => BigInt(1) }, "[object]"],
    [new Proxy({}, { ownKeys: () => ["a", "a"] }), "[object]"],
  ])("for odd value %#", (value, shown) => {
    expect(show(value)).toBe(shown);
  });

  it("without control characters, of at most 1,000 characters, with a full stop", () => {
    expect(new RunError("a\n\u001b[31mb\u2028c\u202ed").message).toBe("a [31mb c d.");
    expect(new UsageError("x".repeat(1e6)).message).toHaveLength(1_000);
  });

  it("for a configuration file nested deeper than the stack; a byte order mark is accepted", () => {
    const file = join(folder, "config.json");
    const read = () => configOfFlags({}, undefined, file);
    writeFileSync(file, `{"gamma":${"[".repeat(1e5)}${"]".repeat(1e5)}}`);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(`gamma in ${file} must be a number, got [object].`);
    writeFileSync(file, '\ufeff{"gamma":0.5}');
    expect(read().gamma).toBe(0.5);
  });

  it("for a tensor type that cannot be converted to a string", () => {
    const file = craft('{"a":{"dtype":{"toString":1},"shape":[],"data_offsets":[0,0]}}', 0);
    expect(() => decodeTensors(file, "file")).toThrow('a has the unknown type {"toString":1}');
  });
});

describe("large inputs", () => {
  it("summarizes a million episodes", () => {
    expect(summarize(new Array<number>(1e6).fill(2))).toEqual({ mean: 2, std: 0, min: 2, max: 2 });
  });

  it("rejects more than a million seeds and more than 100,000 combinations before creating them", () => {
    expect(readSeeds("0-999999")).toHaveLength(1e6);
    const parts = Array.from({ length: 300 }, (_, k) => `${k}000000-${k}999999`);
    expect(() => readSeeds(parts.join())).toThrow("--seeds must be at most 1,000,000 seeds");
    const list = Array.from({ length: 1_000 }, (_, k) => (k + 1) / 1_001);
    const values = { gamma: list, tau: list, learningRate: list };
    const plan = { recipes: ["solve"], seeds: [1], values, samples: null };
    expect(() => planTrials(plan)).toThrow(
      "--set must give at most 100,000 combinations of values, got 1000000000.",
    );
  });

  it("rejects more than 100 hidden layers and too many gradient steps", () => {
    const train = (changes: Partial<Config>) => () =>
      configOfFlags(flags(changes), "solve", undefined);
    const flags = (changes: Partial<Config>) =>
      Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, String(value)]));
    expect(train({ hiddenSizes: new Array<number>(101).fill(1) })).toThrow(
      "hiddenSizes must be a list of at most 100 whole numbers",
    );
    expect(train({ gradientSteps: 1e9 })).toThrow(
      "gradientSteps must be at most 100000, got 1000000000.",
    );
  });

  it("saves the state of 40 stacked frames of 1,000 numbers", () => {
    const observation = new Float32Array(1_000).fill(0.5);
    const spec = customEnvironment("wide", () => ({
      ...{ observationSize: 1_000, actionCount: 1, reset: () => observation },
      step: () => ({ observation, reward: 1, terminated: false, truncated: false }),
      ...{ getState: () => Uint8Array.of(7), setState() {} },
    }));
    const config = { ...defaults, frameStack: 40, bufferSize: 4, batchSize: 2, hiddenSizes: [] };
    const training = new Training({ ...config, totalSteps: 5 }, {}, spec);
    training.advance(5);
    const checkpoint = readCheckpoint(encodeCheckpoint(training), "file");
    expect(resumeTraining(checkpoint, {}, {}, spec).environmentStates()).toEqual(
      training.environmentStates(),
    );
  });
});

it("rejects a foreign results.csv of one unterminated line and keeps it", () => {
  writeFileSync(join(folder, "results.csv"), "my shopping list");
  expect(() => new ResultsFile(folder, "1.0.0")).toThrow("is not the results of a sweep.");
});

it("writes no cell that a spreadsheet reads as a formula", () => {
  const sweep = join(folder, "sweep");
  const file = new ResultsFile(sweep, "1.0.0");
  const trial = { recipe: "solve", changes: {}, seed: 1 };
  const nothing = { steps: null, episodes: null, seconds: null, solved: null, weightsSha256: null };
  const error = '=HYPERLINK("http://example.org")';
  file.add({ ...trial, ...nothing, meanReturn100: null, finalReturn: null, error });
  expect(new ResultsFile(sweep, "1.0.0").get(trial)?.error).toBe(`'${error}`);
});

it("treats a lock file whose host is not a string as locked", () => {
  const locked = join(folder, "locked");
  mkdirSync(locked);
  const odd = { pid: 1, start: "1", host: JSON.parse('{"toString":1}'), boot: "x", container: "y" };
  writeFileSync(join(locked, "wasm-dqn.1.1.lock"), JSON.stringify(odd));
  expect(() => lockFolder(locked)).toThrow(
    "is in use by another process. If that process has ended",
  );
  expect(readdirSync(locked)).toEqual(["wasm-dqn.1.1.lock"]);
});
