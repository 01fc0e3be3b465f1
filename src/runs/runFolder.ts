import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Config } from "../config/config.ts";
import type { EpisodeRecord } from "../dqn/observer.ts";
import type { RunState } from "../dqn/runState.ts";
import type { Training } from "../dqn/training.ts";
import { RunError } from "../errors.ts";
import { appendFile } from "../files/appendFile.ts";
import { attempt } from "../files/fileError.ts";
import { lockFolder } from "../files/folderLock.ts";
import { makeFolder, makeNewFolder } from "../files/makeFolder.ts";
import { checkFile, readBytes, readText } from "../files/readFile.ts";
import { type Contents, saveFile } from "../files/saveFile.ts";
import { removeTemporaryFiles } from "../files/temporaryFile.ts";
import { writeIdentity } from "../formats/environmentIdentity.ts";
import { episodeRow, type LogFile, logHeaders, rewoundLog } from "./logFiles.ts";
import { packageVersion } from "./packageVersion.ts";

/** Key of run.json that marks a run folder. Its value is the version of the folder's format. */
const MARK = "wasm_dqn_run";

const checkpointFile = { what: "checkpoint", most: 2 ** 32 };

/** Checkpoint from which a run resumes. */
export interface SavedCheckpoint {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Run folder of the checkpoint; null for a checkpoint file outside of one, which resumes in a new folder. */
  readonly folder: RunFolder | null;
  /** Path of the environment's module when the run was last trained; null if run.json names none. */
  readonly module: string | null;
}

/** Parts of a new run folder's path. */
export interface NewRun {
  readonly out: string;
  readonly env: string;
  readonly recipe: string;
  readonly seed: number;
  readonly time: Date;
}

/**
 * Folder of a run: config.json, run.json, episodes.csv, metrics.jsonl, policy.safetensors, checkpoint.safetensors. Depending on the
 * configuration also best.safetensors, longest.safetensors and events.out.tfevents.*
 */
export class RunFolder {
  readonly path: string;
  /** Contents to append, by file. */
  readonly #queued = new Map<string, (string | Uint8Array)[]>();

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Creates and locks the folder `<out>/<env>__<recipe>__<seed>__<time>`.
   * @throws RunError if it cannot be created
   */
  static create({ env, out, recipe, seed, time }: NewRun): RunFolder {
    const stamp = time.toISOString().replace(/[-:]/g, "").replace("T", "-").replace(".", "-");
    const name = `${namePart(env)}__${namePart(recipe)}__${seed}__${stamp.replace("Z", "")}`;
    makeFolder(out);
    const first = join(out, name);
    let path = first;
    // Two runs may start within the same millisecond.
    for (let copy = 2; !makeNewFolder(path); copy++) path = `${first}-${copy}`;
    lockFolder(path);
    return RunFolder.#withLogs(path);
  }

  /** Creates the folder `path`, or replaces the logs in it and deletes its policy and checkpoint. @throws RunError if it cannot be written */
  static replace(path: string): RunFolder {
    makeFolder(path);
    for (const file of ["policy.safetensors", "checkpoint.safetensors"]) {
      attempt("delete", path, () => rmSync(join(path, file), { force: true }));
    }
    return RunFolder.#withLogs(path);
  }

  static #withLogs(path: string): RunFolder {
    const folder = new RunFolder(path);
    for (const [file, start] of Object.entries(logHeaders)) folder.write(file, start);
    return folder;
  }

  /**
   * Reads a checkpoint to resume from, and locks its run folder. Changes no file of the run.
   * @param path a run folder, or a checkpoint file
   * @throws RunError if there is no checkpoint, the folder is not a run folder, or another process uses it
   */
  static reopen(path: string): SavedCheckpoint {
    const found = attempt("read", path, () => statSync(path, { throwIfNoEntry: false }));
    const file = found?.isDirectory() ? join(path, "checkpoint.safetensors") : path;
    const parent = dirname(file);
    const description =
      basename(file) === "checkpoint.safetensors" ? readDescription(parent) : null;
    const isRun = description !== null;
    if (found?.isDirectory() && !isRun) {
      throw new RunError(
        `${path} is not a run folder: expected a run.json that train wrote. To continue a checkpoint in a new run folder, give the path of its file.`,
      );
    }
    if (isRun) lockFolder(parent);
    const bytes = readBytes(file, checkpointFile);
    const module = typeof description?.module === "string" ? description.module : null;
    return { file, bytes, folder: isRun ? new RunFolder(parent) : null, module };
  }

  /** Prepares the folder for a run that resumes in `state`: deletes later log lines and temporary files. */
  rewind(state: RunState): void {
    const logs = Object.keys(logHeaders) as LogFile[];
    for (const file of logs) {
      const path = join(this.path, file);
      if (existsSync(path)) checkFile(path, { what: "log", most: Number.MAX_SAFE_INTEGER });
    }
    removeTemporaryFiles(this.path);
    for (const file of logs) this.write(file, rewoundLog(join(this.path, file), file, state));
  }

  /** Writes config.json, which --config reads. */
  writeConfig(recipe: string, config: Config): void {
    this.write("config.json", `${JSON.stringify({ recipe, ...config }, null, 2)}\n`);
  }

  /** Writes run.json, which marks the folder as a run folder and describes the run, its environment and the machine. */
  describeRun(recipe: string, { config, spec }: Training, more: object): void {
    const { backend, frameStack, seed } = config;
    const environment: unknown = JSON.parse(writeIdentity(spec, frameStack));
    const machine = {
      version: packageVersion(),
      node: process.version,
      processor: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      platform: `${process.platform} ${process.arch}`,
    };
    const run = { [MARK]: "1", recipe, seed, backend, environment, ...more, ...machine };
    this.write("run.json", `${JSON.stringify(run, null, 2)}\n`);
  }

  /** Writes a whole file, see `saveFile`. */
  write(name: string, contents: Contents): void {
    saveFile(join(this.path, name), contents);
  }

  /** Names of the files in the folder. */
  files(): string[] {
    return attempt("read", this.path, () => readdirSync(this.path));
  }

  /** Queues contents for the end of an existing file; `flush` writes them. */
  append(name: string, contents: string | Uint8Array): void {
    const queued = this.#queued.get(name);
    if (queued === undefined) this.#queued.set(name, [contents]);
    else queued.push(contents);
  }

  /** Queues a row of episodes.csv. */
  addEpisode(record: EpisodeRecord, seconds: number): void {
    this.append("episodes.csv", episodeRow(record, seconds));
  }

  /** Writes the queued contents. */
  flush(): void {
    for (const [name, parts] of this.#queued) {
      const bytes = Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)));
      appendFile(join(this.path, name), bytes);
    }
    this.#queued.clear();
  }
}

/** Makes a text a part of a folder's name: at most 60 characters, without those that file systems forbid. */
const namePart = (text: string) => text.slice(0, 60).replace(/[/\\:*?"<>|\p{Cc}\p{Cs}]/gu, "_");

/** Returns the run.json of a run folder; null if there is none with the mark. */
function readDescription(folder: string): { readonly module?: unknown } | null {
  const path = join(folder, "run.json");
  if (!existsSync(path)) return null;
  try {
    const text = readText(path, { what: "run description", most: 2 ** 20 });
    const values: unknown = JSON.parse(text);
    const isMarked = typeof values === "object" && values !== null && Object.hasOwn(values, MARK);
    return isMarked ? values : null;
  } catch {
    return null;
  }
}
