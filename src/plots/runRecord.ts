import { closeSync, existsSync, openSync, readSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { oneLine, RunError } from "../errors.ts";
import { attempt } from "../files/fileError.ts";
import { checkFile, readText } from "../files/readFile.ts";
import { readLogLines } from "../files/readLines.ts";

/** Values over environment steps, which ascend. A value may be NaN or infinite. */
export interface Curve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** Curves of a run's logs. */
export interface RunCurves {
  /** From episodes.csv, one point per finished episode. */
  readonly returns: Curve;
  readonly lengths: Curve;
  readonly epsilon: Curve;
  /** From metrics.jsonl. */
  readonly loss: Curve;
  readonly meanQ: Curve;
  readonly evaluations: Curve;
}

/** A run as read from its folder. */
export interface RunRecord {
  /** Path of the folder as given. */
  readonly folder: string;
  /** Absolute path without symbolic links, which identifies the folder. */
  readonly realPath: string;
  readonly name: string;
  readonly env: string;
  readonly recipe: string;
  readonly seed: number;
  /** Contents of config.json, and for your own environment 8 digits of its module's hash as `module`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly curves: RunCurves;
  /** Whether the run ended as configured. False for a run that was interrupted, failed or is still running. */
  readonly finished: boolean;
  /** Last step in the logs; 0 if they are empty. */
  readonly end: number;
}

/**
 * Reads a run folder.
 * @throws RunError if the folder is not a run folder, or its files are damaged
 */
export function readRun(folder: string): RunRecord {
  const [episodes, metrics, configFile] = ["episodes.csv", "metrics.jsonl", "config.json"].map(
    (file) => join(folder, file),
  ) as [string, string, string];
  for (const file of [episodes, configFile, metrics]) {
    if (!existsSync(file)) throw new RunError(`There is no ${file}: expected a run folder.`);
  }
  const config = parse(
    readText(configFile, { what: "configuration file", most: 2 ** 20 }),
    configFile,
  );
  const word = (key: string): string => {
    const value = config[key];
    if (typeof value === "string") return oneLine(value);
    throw new RunError(`${configFile} has no ${key}.`);
  };
  const [env, recipe, seed] = [word("env"), word("recipe"), number(config.seed)];
  if (Number.isNaN(seed)) throw new RunError(`${configFile} has no seed.`);
  const description = readDescription(join(folder, "run.json"));
  const { environment } = description;
  const hash = isObject(environment) ? environment.hash : undefined;
  const module = typeof hash === "string" ? { module: hash.slice(0, 8) } : {};
  const curves = { ...readEpisodes(episodes), ...readMetrics(metrics) };
  return {
    folder,
    realPath: attempt("read", folder, () => realpathSync(folder)),
    name: oneLine(basename(folder)),
    env,
    recipe,
    seed,
    config: { ...config, ...module },
    curves,
    finished: description.finished === true || isFinished(join(folder, "checkpoint.safetensors")),
    end: Object.values(curves).reduce((most, { steps }) => Math.max(most, steps.at(-1) ?? 0), 0),
  };
}

/** Returns run.json; an empty object if it is missing or damaged. */
function readDescription(path: string): Record<string, unknown> {
  if (!existsSync(path)) return {};
  try {
    return parse(readText(path, { what: "run description", most: 2 ** 20 }), path);
  } catch {
    return {};
  }
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
  for (const line of readLogLines(path)) {
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
  for (const line of readLogLines(path)) {
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
    // Reported below.
  }
  throw new RunError(`${file} does not hold JSON objects.`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A logged number. JSON has no NaN and no infinity: they are logged as null and read as NaN. */
function number(value: unknown): number {
  return typeof value === "number" ? value : Number.NaN;
}

const LONGEST_HEADER = 1 << 24;

/**
 * Whether a checkpoint belongs to a finished run. Reads only the header, since the tensors may be gigabytes. False if the file is
 * missing or damaged.
 */
function isFinished(path: string): boolean {
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
