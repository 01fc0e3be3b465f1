import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { EpisodeRecord } from "../dqn/observer.ts";
import type { RunState } from "../dqn/runState.ts";
import { RunError } from "../errors.ts";
import { appendFile } from "../files/appendFile.ts";
import { attempt } from "../files/fileError.ts";
import { lockFolder } from "../files/folderLock.ts";
import { makeFolder, makeNewFolder } from "../files/makeFolder.ts";
import { checkFile, readBytes, readLines, readText } from "../files/readFile.ts";
import { type Contents, saveFile } from "../files/saveFile.ts";
import { removeTemporaryFiles } from "../files/temporaryFile.ts";

const csvHeader = "episode,steps,length,return,runningScore,epsilon,greedyReturn,seconds\n";

/** Files of a run that grow, each with its first line. */
const growing = { "episodes.csv": csvHeader, "metrics.jsonl": "" } as const;
type GrowingFile = keyof typeof growing;

/** A key of run.json that marks the folder as a run folder. Its value is the version of the folder's format. */
const MARK = "wasm_dqn_run";

const checkpointFile = { what: "checkpoint", most: 2 ** 32 };

/** A checkpoint file that a run resumes from. */
export interface SavedCheckpoint {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** The run folder that continues; null for a checkpoint that lies elsewhere, which continues in a new folder. */
  readonly folder: RunFolder | null;
}

/** The parts of a new run folder's path. */
export interface NewRun {
  readonly out: string;
  readonly env: string;
  readonly recipe: string;
  readonly seed: number;
  readonly time: Date;
}

/**
 * The folder a run leaves behind: config.json, episodes.csv, metrics.jsonl, policy.safetensors, checkpoint.safetensors,
 * best.safetensors, events.out.tfevents...
 */
export class RunFolder {
  readonly path: string;
  /** What is yet to be appended to which file. */
  readonly #waiting = new Map<string, (string | Uint8Array)[]>();

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes the folder `<out>/<env>__<recipe>__<seed>__<time>` and its parents, and locks it.
   * @throws RunError if it cannot be made
   */
  static create({ env, out, recipe, seed, time }: NewRun): RunFolder {
    const stamp = time.toISOString().replace(/[-:]/g, "").replace("T", "-").replace(".", "-");
    const name = `${namePart(env)}__${namePart(recipe)}__${seed}__${stamp.replace("Z", "")}`;
    makeFolder(out);
    const first = join(out, name);
    let path = first;
    // Runs of the same name may start within a millisecond.
    for (let copy = 2; !makeNewFolder(path); copy++) path = `${first}-${copy}`;
    lockFolder(path);
    const folder = new RunFolder(path);
    for (const [file, start] of Object.entries(growing)) folder.write(file, start);
    return folder;
  }

  /**
   * Reads a checkpoint to resume from. Locks its run folder, and changes nothing else.
   * @param path a run folder, or a checkpoint file
   * @throws RunError if there is no checkpoint, the folder is not a run folder, or another process uses it
   */
  static reopen(path: string): SavedCheckpoint {
    const found = attempt("read", path, () => statSync(path, { throwIfNoEntry: false }));
    const file = found?.isDirectory() ? join(path, "checkpoint.safetensors") : path;
    const parent = dirname(file);
    const isRun = basename(file) === "checkpoint.safetensors" && isRunFolder(parent);
    if (found?.isDirectory() && !isRun) {
      throw new RunError(
        `${path} is not a run folder of wasm-dqn: expected a run.json that train wrote. To continue from a checkpoint in a new run folder, name its file.`,
      );
    }
    if (isRun) lockFolder(parent);
    const bytes = readBytes(file, checkpointFile);
    return { file, bytes, folder: isRun ? new RunFolder(parent) : null };
  }

  /** Deletes what was logged after step `steps`, and what was half saved: the run continues from there. */
  rewind(state: RunState): void {
    const logs = Object.entries(growing) as [GrowingFile, string][];
    for (const [file] of logs) {
      const path = join(this.path, file);
      if (existsSync(path)) checkFile(path, { what: "log", most: Number.MAX_SAFE_INTEGER });
    }
    removeTemporaryFiles(this.path);
    for (const [file, start] of logs) {
      this.write(file, keptLog(join(this.path, file), file, start, state));
    }
  }

  /** Writes run.json, which marks the folder as a run folder. */
  writeDescription(values: Readonly<Record<string, unknown>>): void {
    this.write("run.json", `${JSON.stringify({ [MARK]: "1", ...values }, null, 2)}\n`);
  }

  /** Writes a whole file, see `saveFile`. */
  write(name: string, contents: Contents): void {
    saveFile(join(this.path, name), contents);
  }

  /** The names of its files. */
  files(): string[] {
    return attempt("read", this.path, () => readdirSync(this.path));
  }

  /** Notes what is to be appended to a file that is there; `flush` writes it. */
  append(name: string, contents: string | Uint8Array): void {
    const waiting = this.#waiting.get(name);
    if (waiting === undefined) this.#waiting.set(name, [contents]);
    else waiting.push(contents);
  }

  /** Notes a row for episodes.csv. */
  addEpisode(record: EpisodeRecord, seconds: number): void {
    this.append(
      "episodes.csv",
      `${record.episode},${record.steps},${record.length},${record.return},${record.runningScore},${record.epsilon},${record.greedyReturn ?? ""},${seconds.toFixed(6)}\n`,
    );
  }

  flush(): void {
    for (const [name, parts] of this.#waiting) {
      const bytes = Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)));
      appendFile(join(this.path, name), bytes);
    }
    this.#waiting.clear();
  }
}

/** A text as a part of a folder's name: of a few characters, and without a path. */
const namePart = (text: string) => text.slice(0, 60).replace(/[/\\:*?"<>|\p{Cc}\p{Cs}]/gu, "_");

/** Whether `train` made a folder: its run.json has the mark. */
function isRunFolder(folder: string): boolean {
  const path = join(folder, "run.json");
  if (!existsSync(path)) return false;
  try {
    const text = readText(path, { what: "run description", most: 2 ** 20 });
    const values: unknown = JSON.parse(text);
    return typeof values === "object" && values !== null && Object.hasOwn(values, MARK);
  } catch {
    return false;
  }
}

/** The lines of a log up to a step, in pieces of about 1 MiB: a log may be larger than a text can be. */
function* keptLog(path: string, file: GrowingFile, start: string, state: RunState) {
  let text = start;
  if (existsSync(path)) {
    for (const line of readLines(path, "log")) {
      if (isLater(file, line, state)) continue;
      text += `${line}\n`;
      if (text.length < 2 ** 20) continue;
      yield Buffer.from(text);
      text = "";
    }
  }
  yield Buffer.from(text);
}

/** Whether a resumed run will log this line again. Within a step, what the step has logged depends on how far it is. */
function isLater(file: GrowingFile, line: string, state: RunState): boolean {
  const { ended, midStep, steps, updatesDue } = state;
  const step = stepOf(file, line);
  if (step !== steps || !midStep) return !(step <= steps);
  return updatesDue > 0 || ended || line.includes('"eval/');
}

/** The step a line was logged at; NaN for one that was cut off. */
function stepOf(file: GrowingFile, line: string): number {
  if (file === "episodes.csv") {
    const cells = line.split(",");
    return cells.length === csvHeader.split(",").length ? Number(cells[1]) : Number.NaN;
  }
  try {
    const row: unknown = JSON.parse(line);
    return typeof row === "object" && row !== null && "step" in row ? Number(row.step) : Number.NaN;
  } catch {
    return Number.NaN;
  }
}
