import { describe, expect, it } from "vitest";
import {
  type Config,
  configKeys,
  defaults,
  parseConfig,
  parsePartial,
} from "../../src/config/config.ts";
import { readText, writeText } from "../../src/config/configText.ts";
import { MOST_HIDDEN_LAYERS } from "../../src/config/networkKinds.ts";
import { type Kind, validate } from "../../src/config/schema.ts";
import { UsageError } from "../../src/errors.ts";

function message(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  return "accepted";
}

describe("validate", () => {
  const expected = (kind: Kind, value: unknown) =>
    validate({ key: kind }, { key: value })?.expected ?? "accepted";

  it.each<[Kind, unknown, string]>([
    [{ kind: "number" }, 1.5, "accepted"],
    [{ kind: "number" }, "1.5", "a number"],
    [{ kind: "number" }, Number.NaN, "a number"],
    [{ kind: "number" }, Infinity, "a number"],
    [{ kind: "number" }, null, "a number"],
    [{ kind: "number", nullable: true }, null, "accepted"],
    [{ kind: "number", nullable: true }, undefined, "a number"],
    [{ kind: "number", whole: true }, 2, "accepted"],
    [{ kind: "number", whole: true }, 2.5, "a whole number"],
    [{ kind: "number", min: 2, max: 3 }, 2, "accepted"],
    [{ kind: "number", min: 2, max: 3 }, 3, "accepted"],
    [{ kind: "number", min: 2, max: 3 }, 1.9, "at least 2"],
    [{ kind: "number", min: 2, max: 3 }, 3.1, "at most 3"],
    [{ kind: "number", above: 2, below: 3 }, 2.1, "accepted"],
    [{ kind: "number", above: 2, below: 3 }, 2, "greater than 2"],
    [{ kind: "number", above: 2, below: 3 }, 1, "greater than 2"],
    [{ kind: "number", above: 2, below: 3 }, 3, "less than 3"],
    [{ kind: "number", above: 2, below: 3 }, 4, "less than 3"],
    [{ kind: "boolean" }, false, "accepted"],
    [{ kind: "boolean" }, "false", "a boolean"],
    [{ kind: "text" }, "", "accepted"],
    [{ kind: "text" }, 3, "an id (pass your own game as environment)"],
    [{ kind: "choice", options: ["a", "b"] }, "b", "accepted"],
    [{ kind: "choice", options: ["a", "b"] }, "c", "one of a, b"],
    [{ kind: "list", most: 2 }, [], "accepted"],
    [{ kind: "list", most: 2 }, [1, 2], "accepted"],
    [{ kind: "list", most: 2 }, [1, 2, 3], "a list of at most 2 whole numbers"],
    [{ kind: "list", most: 2 }, "12", "a list of at most 2 whole numbers"],
    [{ kind: "list", most: 2, min: 1 }, [1, 0], "at least 1"],
  ])("checks a value: %o given %j: %s", (kind, value, result) => {
    expect(expected(kind, value)).toBe(result);
  });

  it("returns the key of the first invalid value, in a list with its index", () => {
    const kinds = { a: { kind: "boolean" }, b: { kind: "list", most: 3, min: 1 } } as const;
    expect(validate(kinds, { a: true, b: [1, 1] })).toBeNull();
    expect(validate(kinds, { a: 1, b: 2 })).toEqual({ key: "a", expected: "a boolean", value: 1 });
    const flaw = { key: "b.1", expected: "at least 1", value: 0 };
    expect(validate(kinds, { a: true, b: [1, 0, -1] })).toEqual(flaw);
    const unknown = { key: "toString", expected: null, value: undefined };
    expect(validate(kinds, { a: 1, toString: 2 })).toEqual(unknown);
  });

  it("requires all keys, or only the given ones", () => {
    const kinds = { a: { kind: "boolean" }, b: { kind: "boolean" } } as const;
    expect(validate(kinds, { a: true })).toMatchObject({ key: "b" });
    expect(validate(kinds, { a: true }, ["a"])).toBeNull();
  });
});

describe("a configuration", () => {
  it("has default values for all keys", () => {
    expect(Object.keys(defaults).sort()).toEqual([...configKeys].sort());
    expect(parseConfig(defaults)).toEqual(defaults);
  });

  it.each<[Partial<Config>, RegExp]>([
    [{ batchSize: 33, bufferSize: 32 }, /^batchSize must be at most bufferSize, 32, .*got 33\.$/],
    [{ totalSteps: null }, /^totalSteps, totalEpisodes or solvedBy must be set/],
    [{ batchNorm: true, batchSize: 1 }, /^batchNorm needs a batchSize of at least 2/],
    [{ batchNorm: true, updatePerTransition: true }, /^batchNorm needs a batchSize of at least 2/],
    [
      { prioritized: true, updatePerTransition: true },
      /^prioritized and updatePerTransition cannot both be true/,
    ],
    [
      { dueling: true, outputActivation: "relu" },
      /^outputActivation must be identity .* got "relu"/,
    ],
    [
      { algorithm: "pqn", prioritized: true },
      /^prioritized must be false if algorithm is pqn, got true\.$/,
    ],
    [{ algorithm: "pqn", doubleQ: true }, /^doubleQ must be false if algorithm is pqn, got true/],
    [{ algorithm: "pqn", nSteps: 3 }, /^nSteps must be 1 if algorithm is pqn, got 3\.$/],
    [{ algorithm: "pqn", updatePerTransition: true }, /^updatePerTransition must be false/],
    [
      { algorithm: "pqn", numEnvs: 4096, numSteps: 4096 },
      /^numEnvs \* numSteps must be less than 16777216, got 16777216\.$/,
    ],
    [
      { algorithm: "pqn", numEnvs: 8, numMinibatches: 5 },
      /^numMinibatches must divide numEnvs \* numSteps, 256, got 5\.$/,
    ],
    [
      { algorithm: "pqn", numSteps: 4, batchNorm: true },
      /^numMinibatches must be less than numEnvs \* numSteps if batchNorm is true, got 4\.$/,
    ],
    [
      { algorithm: "pqn", numSteps: 2_000, numMinibatches: 1_000, updateEpochs: 101 },
      /^numMinibatches \* updateEpochs must be at most 100000, got 101000\.$/,
    ],
    [{ rmspropCentered: true, momentum: 0.5 }, /^momentum must be 0 .* true, got 0\.5\.$/],
    [
      { batchNorm: true, layerNorm: true },
      /^batchNorm cannot be true with layerNorm or convFilters\.$/,
    ],
    [{ batchNorm: true, convFilters: [4] }, /^batchNorm cannot be true with layerNorm or convF/],
    [{ frameStack: 4, convFilters: [4] }, /^frameStack must be 1 with convFilters, got 4\.$/],
    [{ solvedBy: "evaluation" }, /^evalEvery must be set/],
    [
      { explorationSchedule: "exponential", explorationSteps: 0 },
      /^explorationSteps must be at least 1 .* exponential, got 0\.$/,
    ],
  ])("rejects conflicting values: %j", (changes, sentence) => {
    expect(message(() => parseConfig({ ...defaults, ...changes }))).toMatch(sentence);
  });

  it.each<Partial<Config>>([
    { batchSize: 32, bufferSize: 32 },
    { batchSize: 33, bufferSize: 32, updatePerTransition: true },
    { totalSteps: null, totalEpisodes: 1 },
    { totalSteps: null, solvedBy: "runningScore" },
    { batchNorm: true, batchSize: 2 },
    { layerNorm: true, convFilters: [4], batchSize: 1 },
    { batchSize: 1 },
    { prioritized: true },
    { updatePerTransition: true },
    { dueling: true },
    { outputActivation: "tanh" },
    { solvedBy: "evaluation", evalEvery: 1 },
    { algorithm: "pqn" },
    { algorithm: "pqn", bufferSize: 1, batchSize: 32, batchNorm: true },
    { algorithm: "pqn", numSteps: 2_000, numMinibatches: 1_000, updateEpochs: 100 },
    { explorationSchedule: "exponential", explorationSteps: 1 },
    { explorationSchedule: "linear", explorationSteps: 0 },
  ])("accepts compatible values: %j", (changes) => {
    expect(message(() => parseConfig({ ...defaults, ...changes }))).toBe("accepted");
  });

  it.each<[string, unknown, RegExp]>([
    ["seed", 2 ** 32, /at most 4294967295/],
    ["seed", -1, /at least 0/],
    ["totalSteps", 0, /at least 1/],
    ["frameStack", 1001, /at most 1000/],
    ["targetPosition", -2.5, /at least -2\.4/],
    ["targetPosition", 2.5, /at most 2\.4/],
    ["hiddenSizes", Array(MOST_HIDDEN_LAYERS + 1).fill(1), /at most 100 whole numbers/],
    ["hiddenSizes", [0], /at least 1/],
    ["hiddenSizes", [1.5], /a whole number/],
    ["learningRate", 0, /greater than 0/],
    ["beta1", 1, /less than 1/],
    ["beta1", -0.1, /at least 0/],
    ["gamma", 1.1, /at most 1/],
    ["tau", 0, /greater than 0/],
    ["tau", 1.1, /at most 1/],
    ["nSteps", 1001, /at most 1000/],
    ["gradientSteps", 100_001, /at most 100000/],
    ["bufferSize", 2.5, /a whole number/],
    ["bufferSize", 2 ** 53, /at most 9007199254740991/],
    ["env", null, /an id \(pass your own game as environment\)/],
    ["dueling", null, /a boolean/],
    ["backend", "gpu", /one of wasm, wasm-fma, js, got "gpu"/],
    ["loss", "mae", /one of mse, huber/],
    ["optimizer", "sdg", /one of adam, radam, rmsprop, sgd/],
    ["activation", "gelu", /one of relu, tanh, identity/],
    ["trainFrequencyUnit", "s", /one of step, episode/],
    ["explorationUnit", "s", /one of step, episode/],
    ["targetUpdateUnit", "s", /one of step, update, episode, none/],
    ["explorationSchedule", "s", /one of linear, exponential, multiplicative/],
    ["solvedBy", "s", /one of evaluation, runningScore, meanReturn, none/],
  ])("rejects %s of %j", (key, value, sentence) => {
    const found = message(() => parsePartial({ [key]: value }, "here"));
    expect(found).toMatch(sentence);
    expect(found).toMatch(new RegExp(`^${key}[.\\d]* in here must be `));
  });

  it.each([
    ...["totalSteps", "totalEpisodes", "maxEpisodeSteps", "targetPosition", "maxGradValue"],
    ...["maxGradNorm", "explorationAction", "failureReward", "evalEvery", "saveLongest"],
  ])("accepts null for %s", (key) => {
    expect(parsePartial({ [key]: null }, "")).toEqual({ [key]: null });
  });

  it("rejects an unknown key, with the name of its file", () => {
    expect(message(() => parsePartial({ gama: 1 }, "a.json"))).toBe(
      "gama in a.json is not a configuration key.",
    );
    expect(message(() => parsePartial({ gama: 1 }, ""))).toBe("gama is not a configuration key.");
    expect(message(() => parsePartial({ "a b": 1 }, ""))).toBe('"a b" is not a configuration key.');
    expect(message(() => parsePartial({ "-a": 1 }, ""))).toMatch(/^"-a" is not/);
    expect(message(() => parsePartial({ "a-": 1 }, ""))).toMatch(/^"a-" is not/);
    expect(message(() => parsePartial({ gamma: 1 }, "", ["tau"]))).toMatch(/^gamma is not/);
    expect(parsePartial({ tau: 1 }, "", ["tau"])).toEqual({ tau: 1 });
  });

  it.each([null, [], "env", 3])("rejects %j instead of an object", (values) => {
    expect(message(() => parsePartial(values, "a.json"))).toBe(
      `The configuration in a.json must be an object, got ${JSON.stringify(values)}.`,
    );
    expect(message(() => parseConfig(values))).toMatch(/^The configuration must be an object/);
  });

  it("rejects a configuration without one of its keys", () => {
    const { gamma, ...rest } = defaults;
    expect(gamma).toBe(0.99);
    expect(message(() => parseConfig(rest))).toMatch(/^gamma must be a number/);
  });
});

it("defaults to plain deep Q-learning with two hidden layers", () => {
  const { hiddenSizes, tensorboard, nSteps, tau, targetUpdateUnit } = defaults;
  expect({ hiddenSizes, tensorboard, nSteps, tau, targetUpdateUnit }).toEqual({
    ...{ hiddenSizes: [64, 64], tensorboard: false, nSteps: 1, tau: 1, targetUpdateUnit: "step" },
  });
  const { batchNorm, doubleQ, dueling, prioritized, timeLimitTerminal } = defaults;
  const extensions = [batchNorm, doubleQ, dueling, prioritized, timeLimitTerminal];
  expect(extensions).toEqual(Array(5).fill(false));
});

describe("a value as text", () => {
  it.each<[Parameters<typeof readText>[0], string, unknown]>([
    ["gamma", "0.5", 0.5],
    ["gamma", " 0.5 ", 0.5],
    ["gamma", "", ""],
    ["gamma", "  ", "  "],
    ["gamma", "half", "half"],
    ["gamma", "none", "none"],
    ["totalSteps", "none", null],
    ["totalSteps", "7", 7],
    ["dueling", "true", true],
    ["dueling", "false", false],
    ["dueling", "1", "1"],
    ["hiddenSizes", "none", []],
    ["hiddenSizes", "64,32", [64, 32]],
    ["hiddenSizes", "64,x", [64, "x"]],
    ["env", "none", "none"],
    ["env", "3", "3"],
    ["loss", "mse", "mse"],
  ])("parses %s %j as %j", (key, text, value) => {
    expect(readText(key, text)).toEqual(value);
  });

  it.each<[Config[keyof Config], string]>([
    [null, "none"],
    [[], "none"],
    [[64, 32], "64,32"],
    [0.5, "0.5"],
    [false, "false"],
    ["wasm", "wasm"],
  ])("formats %j as %j", (value, text) => {
    expect(writeText(value)).toBe(text);
  });
});
