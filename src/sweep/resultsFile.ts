import { existsSync } from "node:fs";
import { join } from "node:path";
// Papa Parse: quoted CSV read and written, MIT, without dependencies.
import Papa from "papaparse";
import { RunError } from "../errors.ts";
import { appendFile } from "../files/appendFile.ts";
import { lockFolder } from "../files/folderLock.ts";
import { makeFolder } from "../files/makeFolder.ts";
import { readText } from "../files/readFile.ts";
import { saveFile } from "../files/saveFile.ts";
import { removeTemporaryFiles } from "../files/temporaryFile.ts";
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

  /** @throws RunError if the folder cannot be made, another process uses it, or its files are not a sweep's */
  constructor(folder: string) {
    this.path = join(folder, "results.csv");
    makeFolder(folder);
    lockFolder(folder);
    const text = existsSync(this.path)
      ? readText(this.path, { what: "results file", most: 2 ** 28 })
      : "";
    // A row that was being written when the process was killed has no end.
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    if (text !== "" && !whole.startsWith(header)) {
      throw new RunError(`${this.path} is not the results of a sweep.`);
    }
    refuseForeignReport(folder, text);
    removeTemporaryFiles(folder);
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

/** A sweep writes its report beside its results: a report without them is somebody else's, and stays. */
function refuseForeignReport(folder: string, results: string): void {
  const report = ["report.md", "report.svg"].find((name) => existsSync(join(folder, name)));
  if (report === undefined || results !== "") return;
  throw new RunError(
    `${folder} holds a ${report} that no sweep wrote: there are no results beside it. Name another folder as --out.`,
  );
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
