import { existsSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { oneLine, RunError, shortened } from "../errors.ts";
import { appendFile } from "../files/appendFile.ts";
import { attempt } from "../files/fileError.ts";
import { lockFolder } from "../files/folderLock.ts";
import { makeFolder } from "../files/makeFolder.ts";
import { checkFile } from "../files/readFile.ts";
import { type LineFile, readLineChunks } from "../files/readLines.ts";
import { saveFile } from "../files/saveFile.ts";
import { removeTemporaryFiles } from "../files/temporaryFile.ts";
import { identify } from "./configuration.ts";
import { RowReader, rowHeader, writeRow } from "./resultRow.ts";
import type { Trial, TrialResult } from "./trial.ts";

const LINES_PER_CHUNK = 10_000;

/** Lines are Latin-1, one character per byte, so that rows which cannot be read are written back unchanged. */
const lineFile: LineFile = {
  what: "results file",
  encoding: "latin1",
  longest: 2 ** 24,
  skipLonger: false,
};

interface Kept {
  readonly line: string;
  readonly result: TrialResult;
}

/** Key of a trial among those of its configuration. */
function seedAndRound({ round, seed }: Trial): number | string {
  return round === undefined ? seed : `${seed} ${round.number} ${round.steps}`;
}

/** Numbers of rows in results.csv that the report does not cover. They stay in the file. */
export interface OtherRows {
  /** Rows of trials that are not part of this sweep. */
  readonly otherTrials: number;
  /** Rows of another version of this library, or of another environment. */
  readonly foreign: number;
  readonly unreadable: number;
  /** Other versions that have rows. */
  readonly versions: readonly string[];
}

/**
 * The results.csv of a sweep's folder. Each result is appended as a row, so an interrupted sweep can continue. Every complete line is
 * kept, except a failed row whose trial has been run again.
 */
export class ResultsFile {
  readonly path: string;
  readonly #version: string;
  /** Results by configuration, then by seed and round. */
  readonly #results = new Map<string, Map<number | string, Kept>>();
  /** Lines that are not results of this version. */
  readonly #kept: string[] = [];
  readonly #versions = new Set<string>();
  #foreign = 0;
  #unreadable = 0;

  /**
   * @param version of this library: rows of other versions are kept, but are not results of this sweep
   * @param onRead receives the fraction of the file that has been read
   * @throws RunError if the folder cannot be created, another sweep uses it, or results.csv is not the results of a sweep
   */
  constructor(
    folder: string,
    version: string,
    onRead: (fraction: number) => void = () => undefined,
  ) {
    this.path = join(folder, "results.csv");
    this.#version = version;
    makeFolder(folder);
    lockFolder(folder);
    const found = existsSync(this.path);
    if (!found) refuseForeignReport(folder);
    else this.#read(onRead);
    removeTemporaryFiles(folder);
    if (!found) saveFile(this.path, `${rowHeader}\n`);
  }

  #read(onRead: (fraction: number) => void): void {
    const { path } = this;
    const { size } = checkFile(path, { what: lineFile.what, most: Number.MAX_SAFE_INTEGER });
    const reader = new RowReader(this.#version);
    let read = 0;
    for (const { end, lines } of readLineChunks(path, lineFile)) {
      if (read === 0) checkHeader(path, lines[0]!);
      for (const line of read === 0 ? lines.slice(1) : lines) this.#addLine(reader, line);
      read = end;
      onRead(end / size);
    }
    if (read === 0 && size > 0) checkHeader(path, "");
    if (read === 0) saveFile(path, `${rowHeader}\n`);
    // The last row lacks its newline if the process was killed while writing it.
    else if (read < size) attempt("write", path, () => truncateSync(path, read));
  }

  #addLine(reader: RowReader, line: string): void {
    if (line === "") return;
    const row = reader.read(utf8(line));
    if (row.kind === "result") {
      this.#keepNewer({ line, result: row.result });
      return;
    }
    this.#kept.push(line);
    if (row.kind === "unreadable") this.#unreadable++;
    else {
      this.#foreign++;
      if (row.version !== this.#version) this.#versions.add(shortened(oneLine(row.version)));
    }
  }

  /** Keeps the newer row of a trial. A failed row never replaces a successful one. */
  #keepNewer(kept: Kept): void {
    const { id } = identify(kept.result);
    const seeds = this.#results.get(id) ?? new Map<number | string, Kept>();
    const key = seedAndRound(kept.result);
    const before = seeds.get(key);
    if (before === undefined || before.result.error !== "" || kept.result.error === "") {
      seeds.set(key, kept);
    }
    this.#results.set(id, seeds);
  }

  #find(trial: Trial): Kept | undefined {
    return this.#results.get(identify(trial).id)?.get(seedAndRound(trial));
  }

  /** The newest result of the trial, which may be a failure. */
  get(trial: Trial): TrialResult | undefined {
    return this.#find(trial)?.result;
  }

  add(result: TrialResult): void {
    const row = writeRow(result, this.#version);
    appendFile(this.path, `${row}\n`);
    this.#keepNewer({ line: Buffer.from(row).toString("latin1"), result });
  }

  /** Counts the rows that do not belong to these trials. */
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

  /** Rewrites the file: the rows of these distinct trials in their order, then all others in their present order. */
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

/** @throws RunError for a report without results.csv beside it: another program wrote it, and it must not be overwritten */
function refuseForeignReport(folder: string): void {
  const report = ["report.md", "report.svg"].find((name) => existsSync(join(folder, name)));
  if (report === undefined) return;
  throw new RunError(
    `${folder} holds a ${report} without a results.csv, so no sweep wrote it. Choose another folder with --out.`,
  );
}

/** @throws RunError unless this first line is the header of results.csv */
function checkHeader(path: string, line: string): void {
  if (line === rowHeader) return;
  if (line.startsWith("recipe,changes,seed,")) {
    throw new RunError(
      `${path} was written by another version of wasm-dqn, with other columns. Choose another folder with --out.`,
    );
  }
  throw new RunError(`${path} is not the results of a sweep.`);
}

/** Decodes a Latin-1 line as UTF-8. ASCII lines are the same in both. */
function utf8(line: string): string {
  return /[\x80-\xff]/.test(line) ? Buffer.from(line, "latin1").toString() : line;
}

/** Encodes lines in parts, since a string has at most 512 MiB. */
function bytesOf(lines: readonly string[]): Uint8Array {
  const parts: Buffer[] = [];
  for (let at = 0; at < lines.length; at += LINES_PER_CHUNK) {
    const text = `${lines.slice(at, at + LINES_PER_CHUNK).join("\n")}\n`;
    parts.push(Buffer.from(text, "latin1"));
  }
  return Buffer.concat(parts);
}
