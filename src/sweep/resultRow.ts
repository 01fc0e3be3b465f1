// Papa Parse: quoted CSV read and written, MIT, without dependencies.
import Papa from "papaparse";
import { oneLine } from "../errors.ts";
import { type Configuration, identify } from "./configuration.ts";
import { readOutcome, readRound, readTrial } from "./readTrial.ts";
import type { TrialResult } from "./trial.ts";

const columns = [
  "recipe",
  "changes",
  "seed",
  "round",
  "roundSteps",
  "version",
  "environment",
  "solved",
  "steps",
  "episodes",
  "seconds",
  "meanReturn100",
  "finalReturn",
  "weightsSha256",
  "error",
] as const;

type Texts<Names extends readonly string[]> = { [At in keyof Names]: string };

/** First line of results.csv, without its newline. */
export const rowHeader = columns.join(",");

/** A line of results.csv: a result of this version, a row of another version or environment, or unreadable. */
export type Row =
  | { readonly kind: "result"; readonly result: TrialResult }
  | { readonly kind: "foreign"; readonly version: string }
  | { readonly kind: "unreadable" };

const unreadable: Row = { kind: "unreadable" };
const flags: Readonly<Record<string, boolean | null>> = { "": null, true: true, false: false };
const number = (text: string) => (text === "" ? null : Number(text));

/** Reads rows as `version` of this library. Rows of one configuration share one object. */
export class RowReader {
  readonly #version: string;
  readonly #configurations = new Map<string, Configuration>();

  constructor(version: string) {
    this.#version = version;
  }

  read(line: string): Row {
    const [cells, more] = Papa.parse<string[]>(line, { delimiter: ",", newline: "\n" }).data;
    if (cells?.length !== columns.length || more !== undefined) return unreadable;
    const [recipe, changes, seedText, roundNumber, roundSteps, version, environment, ...outcome] =
      cells as unknown as Texts<typeof columns>;
    const [solved, steps, episodes, seconds, meanReturn100, finalReturn, weights, error] = outcome;
    if (version !== this.#version) {
      return version === "" ? unreadable : { kind: "foreign", version };
    }
    const seed = Number(seedText);
    if (!/^\d+$/.test(seedText) || seed >= 2 ** 32) return unreadable;
    try {
      const configuration = this.#configuration(recipe, changes);
      if (identify(configuration).environment !== environment) return { kind: "foreign", version };
      const round = { number: Number(roundNumber), steps: Number(roundSteps) };
      const plain = { recipe, changes: configuration.changes, seed };
      const trial = roundNumber === "" ? plain : { ...plain, round: readRound(round) };
      const result = readOutcome(trial, {
        solved: Object.hasOwn(flags, solved) ? flags[solved] : solved,
        steps: number(steps),
        episodes: number(episodes),
        seconds: number(seconds),
        meanReturn100: number(meanReturn100),
        finalReturn: number(finalReturn),
        weightsSha256: weights === "" ? null : weights,
        error,
      });
      return { kind: "result", result };
    } catch {
      return unreadable;
    }
  }

  #configuration(recipe: string, text: string): Configuration {
    const key = `${recipe},${text}`;
    const known = this.#configurations.get(key);
    if (known !== undefined) return known;
    const { changes } = readTrial({ recipe, changes: JSON.parse(text), seed: 0 });
    const configuration = { recipe, changes };
    this.#configurations.set(key, configuration);
    return configuration;
  }
}

/** Formats a result as a line of results.csv, without its newline. */
export function writeRow(result: TrialResult, version: string): string {
  const { environment } = identify(result);
  const changes = JSON.stringify(result.changes);
  const { round } = result;
  const values = {
    ...{ ...result, changes, version, environment, error: oneLine(result.error) },
    ...{ round: round?.number, roundSteps: round?.steps },
  };
  const cells = columns.map((column) => values[column] ?? "");
  // Escapes formulas: a spreadsheet would evaluate an error message that begins with "=".
  return Papa.unparse([cells], { newline: "\n", escapeFormulae: true });
}
