import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { RunError } from "../errors.ts";
import { appendFile } from "../files/appendFile.ts";
import { attempt } from "../files/fileError.ts";
import { claimFolder } from "../files/folderClaim.ts";
import { removeTemporaryFiles, saveFile } from "../files/saveFile.ts";
import type { EpisodeRecord } from "../training/observer.ts";
import type { RunState } from "../training/runState.ts";

const csvHeader = "episode,steps,length,return,runningScore,epsilon,greedyReturn,seconds\n";

/** Files of a run that grow, each with its first line. */
const growing = { "episodes.csv": csvHeader, "metrics.jsonl": "" } as const;
type GrowingFile = keyof typeof growing;

/** A new folder's name in `out`, of what is run and when. */
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
   * Makes the folder `<out>/<env>__<recipe>__<seed>__<time>` and what leads to it.
   * @throws RunError if it cannot be made
   */
  static create({ env, out, recipe, seed, time }: NewRun): RunFolder {
    const stamp = time.toISOString().replace(/[-:]/g, "").replace("T", "-").replace(".", "-");
    const name = `${env}__${recipe}__${seed}__${stamp.replace("Z", "")}`;
    const path = attempt("make the run folder in", out, () => {
      mkdirSync(out, { recursive: true });
      for (let copy = 1; ; copy++) {
        const candidate = join(out, copy === 1 ? name : `${name}-${copy}`);
        try {
          mkdirSync(candidate);
          return candidate;
        } catch (error) {
          const taken = error instanceof Error && "code" in error && error.code === "EEXIST";
          if (!taken || copy === 1000) throw error;
        }
      }
    });
    claimFolder(path);
    const folder = new RunFolder(path);
    for (const [file, start] of Object.entries(growing)) folder.write(file, start);
    return folder;
  }

  /**
   * The folder of a run that goes on, and its checkpoint: `path` is either of the two.
   * @throws RunError if there is no checkpoint, or another process trains in the folder
   */
  static reopen(path: string): { folder: RunFolder; file: string; bytes: Uint8Array } {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    const file = isFolder ? join(path, "checkpoint.safetensors") : path;
    if (!existsSync(file)) throw new RunError(`There is no checkpoint ${file}.`);
    const folder = dirname(file);
    claimFolder(folder);
    removeTemporaryFiles(folder);
    const bytes = attempt("read", file, () => new Uint8Array(readFileSync(file)));
    return { folder: new RunFolder(folder), file, bytes };
  }

  /** Removes the rows that the run logs when it goes on from this state. */
  rewind({ ended, midStep, steps, updatesDue }: RunState): void {
    const isLater = (file: GrowingFile, line: string) => {
      const step = stepOf(file, line);
      if (step !== steps || !midStep) return !(step <= steps);
      return updatesDue > 0 || ended || line.includes('"eval/');
    };
    for (const [file, start] of Object.entries(growing) as [GrowingFile, string][]) {
      const path = join(this.path, file);
      const text = existsSync(path) ? attempt("read", path, () => readFileSync(path, "utf8")) : "";
      const lines = text
        .slice(start.length)
        .split("\n")
        .filter((line) => !isLater(file, line));
      this.write(file, start + lines.map((line) => `${line}\n`).join(""));
    }
  }

  /** Writes a whole file: to a temporary name first, synced, then renamed. */
  write(name: string, contents: string | Uint8Array): void {
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
