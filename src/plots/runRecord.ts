import { closeSync, existsSync, openSync, readSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { oneLine, RunError } from "../errors.ts";
import { attempt } from "../files/fileError.ts";
import { checkFile, readLines, readText } from "../files/readFile.ts";

/** Values over environment steps, the steps in ascending order; a value may be NaN or infinite. */
export interface Curve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** The curves of a run's logs. */
export interface RunCurves {
  /** Of each finished episode. */
  readonly returns: Curve;
  readonly lengths: Curve;
  readonly epsilon: Curve;
  /** From metrics.jsonl. */
  readonly loss: Curve;
  readonly meanQ: Curve;
  readonly evaluations: Curve;
}

/** A run as its folder tells it. */
export interface RunRecord {
  /** The folder as it was given. */
  readonly folder: string;
  /** Absolute path without symbolic links: two folders with the same one are the same. */
  readonly realPath: string;
  readonly name: string;
  readonly env: string;
  readonly recipe: string;
  readonly seed: number;
  /** The contents of config.json. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly curves: RunCurves;
  /** Whether its checkpoint says that it ended as configured. False for a run that was interrupted, failed or is still running. */
  readonly finished: boolean;
  /** The last step in its logs; 0 if they are empty. */
  readonly end: number;
}

/**
 * Reads a run's folder.
 * @throws RunError if it is none, or its files are not what `train` wrote
 */
export function readRun(folder: string): RunRecord {
  const [episodes, metrics, configFile] = ["episodes.csv", "metrics.jsonl", "config.json"].map(
    (file) => join(folder, file),
  ) as [string, string, string];
  for (const file of [episodes, configFile, metrics]) {
    if (!existsSync(file)) throw new RunError(`There is no ${file}: expected the folder of a run.`);
  }
  const config = parse(
    readText(configFile, { what: "configuration file", most: 2 ** 20 }),
    configFile,
  );
  const word = (key: string): string => {
    const value = config[key];
    if (typeof value === "string") return oneLine(value);
    throw new RunError(`${configFile} does not say its ${key}.`);
  };
  const [env, recipe, seed] = [word("env"), word("recipe"), number(config.seed)];
  if (Number.isNaN(seed)) throw new RunError(`${configFile} does not say its seed.`);
  const curves = { ...readEpisodes(episodes), ...readMetrics(metrics) };
  return {
    folder,
    realPath: attempt("read", folder, () => realpathSync(folder)),
    name: oneLine(basename(folder)),
    env,
    recipe,
    seed,
    config,
    curves,
    finished: saysFinished(join(folder, "checkpoint.safetensors")),
    end: Object.values(curves).reduce((most, { steps }) => Math.max(most, steps.at(-1) ?? 0), 0),
  };
}

class GrowingCurve implements Curve {
  readonly steps: number[] = [];
  readonly values: number[] = [];

  /** Ignores rows without a step, and rows with a smaller step than the row before. */
  add(step: number, value: number): void {
    if (!Number.isFinite(step) || step < (this.steps.at(-1) ?? 0)) return;
    this.steps.push(step);
    this.values.push(value);
  }
}

function readEpisodes(path: string): Pick<RunCurves, "returns" | "lengths" | "epsilon"> {
  const found = {
    return: new GrowingCurve(),
    length: new GrowingCurve(),
    epsilon: new GrowingCurve(),
  };
  let columns: readonly string[] | null = null;
  for (const line of readLines(path, "log")) {
    const cells = line.split(",");
    if (columns === null) {
      for (const name of ["steps", ...Object.keys(found)]) {
        if (!cells.includes(name)) throw new RunError(`${path} has no column ${name}.`);
      }
      columns = cells;
      continue;
    }
    const cell = (name: string) => Number(cells[columns!.indexOf(name)] || Number.NaN);
    const step = cell("steps");
    for (const [name, curve] of Object.entries(found)) curve.add(step, cell(name));
  }
  if (columns === null) throw new RunError(`${path} has no column steps.`);
  return { returns: found.return, lengths: found.length, epsilon: found.epsilon };
}

const tags = {
  loss: "train/loss",
  meanQ: "train/q_mean",
  evaluations: "eval/mean_reward",
} as const;

function readMetrics(path: string): Pick<RunCurves, keyof typeof tags> {
  const found = {
    loss: new GrowingCurve(),
    meanQ: new GrowingCurve(),
    evaluations: new GrowingCurve(),
  };
  for (const line of readLines(path, "log")) {
    if (line === "") continue;
    const row = parse(line, path);
    for (const [name, tag] of Object.entries(tags) as [keyof typeof tags, string][]) {
      if (tag in row) found[name].add(number(row.step), number(row[tag]));
    }
  }
  return found;
}

function parse(text: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Said below, in a sentence.
  }
  throw new RunError(`${file} does not hold JSON objects.`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A number as it was logged: JSON has no NaN or infinity, such a one is null. */
function number(value: unknown): number {
  return typeof value === "number" ? value : Number.NaN;
}

const LONGEST_HEADER = 1 << 24;

/**
 * Whether a checkpoint is of a finished run. Reads only the file's header, since the tensors may be gigabytes. A missing or
 * damaged file counts as not finished.
 */
function saysFinished(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    checkFile(path, { what: "checkpoint", most: Number.MAX_SAFE_INTEGER });
    const file = openSync(path, "r");
    try {
      const size = Buffer.alloc(8);
      readSync(file, size, 0, 8, 0);
      const length = size.readBigUInt64LE();
      if (length > LONGEST_HEADER) return false;
      const header = Buffer.alloc(Number(length));
      readSync(file, header, 0, header.length, 8);
      const { __metadata__: metadata } = parse(header.toString(), path);
      const counters = isObject(metadata) ? metadata.counters : undefined;
      return typeof counters === "string" && parse(counters, path).finished === true;
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}
