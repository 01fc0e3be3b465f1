import { existsSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { oneLine, RunError, shortened } from "../errors.ts";
import { appendFile } from "../files/appendFile.ts";
import { attempt } from "../files/fileError.ts";
import { lockFolder } from "../files/folderLock.ts";
import { makeFolder } from "../files/makeFolder.ts";
import { checkFile } from "../files/readFile.ts";
import { saveFile } from "../files/saveFile.ts";
import { removeTemporaryFiles } from "../files/temporaryFile.ts";
import { identify } from "./configuration.ts";
import { RowReader, rowHeader, writeRow } from "./resultRow.ts";
import type { Trial, TrialResult } from "./trial.ts";
import { wholeLines } from "./wholeLines.ts";

const LINES_PER_CHUNK = 10_000;

interface Kept {
  readonly line: string;
  readonly result: TrialResult;
}

/** Rows of results.csv that a report does not cover. They stay in the file. */
export interface OtherRows {
  /** Of trials that were not asked for. */
  readonly otherTrials: number;
  /** Of another version of this library, or of another environment. */
  readonly foreign: number;
  readonly unreadable: number;
  /** The other versions, as far as there are. */
  readonly versions: readonly string[];
}

/**
 * results.csv of a sweep's folder: a row per trial, appended as it comes. A sweep that was stopped finds there what it has. No whole
 * line is ever dropped but a failed row whose trial was run again.
 *
 * Lines are held as Latin-1, one character per byte: what cannot be read is written back as it was.
 */
export class ResultsFile {
  readonly path: string;
  readonly #version: string;
  /** Results by configuration and seed. */
  readonly #results = new Map<string, Map<number, Kept>>();
  /** Lines that are no results of this version. */
  readonly #kept: string[] = [];
  readonly #versions = new Set<string>();
  #foreign = 0;
  #unreadable = 0;

  /**
   * @param version of this library: rows of another one are kept, but are no results here
   * @param onRead told how much of the file has been read, as a share from 0 to 1
   * @throws RunError if the folder cannot be made, another sweep uses it, or its results.csv is something else
   */
  constructor(folder: string, version: string, onRead: (share: number) => void = () => undefined) {
    this.path = join(folder, "results.csv");
    this.#version = version;
    makeFolder(folder);
    lockFolder(folder);
    const found = existsSync(this.path);
    if (!found) refuseForeignReport(folder);
    else {
      checkFile(this.path, { what: "results file", most: Number.MAX_SAFE_INTEGER });
      this.#read(onRead);
    }
    removeTemporaryFiles(folder);
    if (!found) saveFile(this.path, `${rowHeader}\n`);
  }

  #read(onRead: (share: number) => void): void {
    const { path } = this;
    const { size } = statSync(path);
    const reader = new RowReader(this.#version);
    let whole = 0;
    for (const { end, lines } of wholeLines(path)) {
      if (whole === 0) refuseOtherFile(path, lines[0]!);
      for (const line of whole === 0 ? lines.slice(1) : lines) this.#take(reader, line);
      whole = end;
      onRead(end / size);
    }
    if (whole === 0 && size > 0) refuseOtherFile(path, "");
    if (whole === 0) saveFile(path, `${rowHeader}\n`);
    // A row that was being written when the process was killed has no end.
    else if (whole < size) attempt("write", path, () => truncateSync(path, whole));
  }

  #take(reader: RowReader, line: string): void {
    if (line === "") return;
    const row = reader.read(utf8(line));
    if (row.kind === "result") {
      this.#put({ line, result: row.result });
      return;
    }
    this.#kept.push(line);
    if (row.kind === "unreadable") this.#unreadable++;
    else {
      this.#foreign++;
      if (row.version !== this.#version) this.#versions.add(shortened(oneLine(row.version)));
    }
  }

  /** A failed row never replaces one that is not. */
  #put(kept: Kept): void {
    const { id } = identify(kept.result);
    const seeds = this.#results.get(id) ?? new Map<number, Kept>();
    const before = seeds.get(kept.result.seed);
    if (before === undefined || before.result.error !== "" || kept.result.error === "") {
      seeds.set(kept.result.seed, kept);
    }
    this.#results.set(id, seeds);
  }

  #find(trial: Trial): Kept | undefined {
    return this.#results.get(identify(trial).id)?.get(trial.seed);
  }

  /** The newest result of the trial, also if it failed. */
  get(trial: Trial): TrialResult | undefined {
    return this.#find(trial)?.result;
  }

  add(result: TrialResult): void {
    const row = writeRow(result, this.#version);
    appendFile(this.path, `${row}\n`);
    this.#put({ line: Buffer.from(row).toString("latin1"), result });
  }

  others(trials: readonly Trial[]): OtherRows {
    const asked = trials.filter((trial) => this.#find(trial) !== undefined).length;
    const all = [...this.#results.values()].reduce((sum, { size }) => sum + size, 0);
    return {
      otherTrials: all - asked,
      foreign: this.#foreign,
      unreadable: this.#unreadable,
      versions: [...this.#versions],
    };
  }

  /** Writes the rows of these distinct trials in their order, then all others in the order in which they came. */
  sort(trials: readonly Trial[]): void {
    const asked = trials.flatMap((trial) => this.#find(trial) ?? []);
    const written = new Set(asked);
    const others = [...this.#results.values()].flatMap((seeds) =>
      [...seeds.values()].filter((kept) => !written.has(kept)),
    );
    const lines = [rowHeader, ...asked.map(({ line }) => line), ...others.map(({ line }) => line)];
    saveFile(this.path, bytesOf([...lines, ...this.#kept]));
  }
}

/** A sweep writes its report beside its results: a report without them is somebody else's, and stays. */
function refuseForeignReport(folder: string): void {
  const report = ["report.md", "report.svg"].find((name) => existsSync(join(folder, name)));
  if (report === undefined) return;
  throw new RunError(
    `${folder} holds a ${report} that no sweep wrote: there are no results beside it. Name another folder as --out.`,
  );
}

/** @throws RunError if a file that begins with this line is not one that can be continued */
function refuseOtherFile(path: string, line: string): void {
  if (line === rowHeader) return;
  if (line.startsWith("recipe,changes,seed,")) {
    throw new RunError(
      `${path} was written by another version of wasm-dqn, with other columns. Choose another folder with --out.`,
    );
  }
  throw new RunError(`${path} is not the results of a sweep.`);
}

/** Decodes a line as UTF-8. ASCII is the same in both. */
function utf8(line: string): string {
  return /[\x80-\xff]/.test(line) ? Buffer.from(line, "latin1").toString() : line;
}

/** In parts: a string has at most 512 MiB. */
function bytesOf(lines: readonly string[]): Uint8Array {
  const parts: Buffer[] = [];
  for (let at = 0; at < lines.length; at += LINES_PER_CHUNK) {
    const text = `${lines.slice(at, at + LINES_PER_CHUNK).join("\n")}\n`;
    parts.push(Buffer.from(text, "latin1"));
  }
  return Buffer.concat(parts);
}
