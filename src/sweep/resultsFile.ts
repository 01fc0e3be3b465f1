import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
// Papa Parse: quoted CSV read and written, MIT, without dependencies.
import Papa from "papaparse";
import { RunError } from "../errors.ts";
import { appendFile } from "../files/appendFile.ts";
import { attempt } from "../files/fileError.ts";
import { claimFolder } from "../files/folderClaim.ts";
import { removeTemporaryFiles, saveFile } from "../files/saveFile.ts";
import { readOutcome, readTrial } from "./readTrial.ts";
import { type Trial, type TrialResult, trialKey } from "./trial.ts";

const columns = [
  "recipe",
  "changes",
  "seed",
  "solved",
  "steps",
  "episodes",
  "seconds",
  "meanReturn100",
  "finalReturn",
  "weightsSha256",
  "error",
] as const satisfies readonly (keyof TrialResult)[];

const header = `${columns.join(",")}\n`;

/** results.csv of a sweep's folder: a row a trial, appended as it comes. A sweep that was stopped finds there what it has. */
export class ResultsFile {
  readonly path: string;
  readonly #results = new Map<string, TrialResult>();

  /** @throws RunError if the folder cannot be made, is another sweep's just now, or its results.csv is something else */
  constructor(folder: string) {
    this.path = join(folder, "results.csv");
    attempt("make", folder, () => mkdirSync(folder, { recursive: true }));
    claimFolder(folder);
    removeTemporaryFiles(folder);
    const text = existsSync(this.path)
      ? attempt("read", this.path, () => readFileSync(this.path, "utf8"))
      : "";
    // A row that was being written when the process was killed has no end.
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    if (text !== "" && !whole.startsWith(header)) {
      throw new RunError(`${this.path} is not the results of a sweep.`);
    }
    const { data } = Papa.parse<string[]>(whole.slice(header.length), {
      ...{ delimiter: ",", newline: "\n", skipEmptyLines: true },
    });
    for (const cells of data) {
      const result = readRow(cells);
      if (result !== null) this.#results.set(trialKey(result), result);
    }
    saveFile(this.path, header + this.#rows([...this.#results.values()]));
  }

  get(trial: Trial): TrialResult | undefined {
    return this.#results.get(trialKey(trial));
  }

  add(result: TrialResult): void {
    this.#results.set(trialKey(result), result);
    appendFile(this.path, this.#rows([result]));
  }

  /** Writes the rows of these trials in their order, which is the same however they came. */
  sort(trials: readonly Trial[]): void {
    const results = trials.flatMap((trial) => this.get(trial) ?? []);
    saveFile(this.path, header + this.#rows(results));
  }

  #rows(results: readonly TrialResult[]): string {
    if (results.length === 0) return "";
    const cells = results.map((result) =>
      columns.map((column) =>
        column === "changes" ? JSON.stringify(result.changes) : (result[column] ?? ""),
      ),
    );
    // A spreadsheet would compute what begins with an equals sign, such as somebody's error message.
    return `${Papa.unparse(cells, { newline: "\n", escapeFormulae: true })}\n`;
  }
}

/** A row of the file; null for one that is damaged, whose trial is run again. */
function readRow(cells: readonly string[]): TrialResult | null {
  if (cells.length !== columns.length) return null;
  const row = Object.fromEntries(columns.map((column, k) => [column, cells[k]!])) as Record<
    (typeof columns)[number],
    string
  >;
  const number = (text: string) => (text === "" ? null : Number(text));
  const flags: Readonly<Record<string, boolean | null>> = { "": null, true: true, false: false };
  try {
    const changes: unknown = JSON.parse(row.changes);
    const seed = /^\d+$/.test(row.seed) ? Number(row.seed) : row.seed;
    return readOutcome(readTrial({ recipe: row.recipe, changes, seed }), {
      solved: Object.hasOwn(flags, row.solved) ? flags[row.solved] : row.solved,
      steps: number(row.steps),
      episodes: number(row.episodes),
      seconds: number(row.seconds),
      meanReturn100: number(row.meanReturn100),
      finalReturn: number(row.finalReturn),
      weightsSha256: row.weightsSha256 === "" ? null : row.weightsSha256,
      error: row.error,
    });
  } catch {
    return null;
  }
}
