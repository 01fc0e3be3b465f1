import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { RunError } from "../errors.ts";
import type { EpisodeRecord } from "../training/training.ts";

const csvHeader = "episode,steps,length,return,runningScore,epsilon,greedyReturn,seconds\n";

function reason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return "it is not writable";
  if (code === "ENOTDIR" || code === "EEXIST") return "a part of its path is not a folder";
  if (code === "ENOSPC") return "the disk is full";
  if (code === "ENOENT") return "its folder is gone";
  return error instanceof Error ? error.message : String(error);
}

/** The folder a run leaves behind: config.json, episodes.csv, policy.safetensors. */
export class RunFolder {
  readonly path: string;
  #rows = csvHeader;

  /**
   * Makes the folder `<out>/<env>__<recipe>__<seed>__<time>` and what leads to it.
   * @throws RunError if it cannot be made
   */
  constructor(out: string, env: string, recipe: string, seed: number, time: Date) {
    const stamp = time.toISOString().replace(/[-:]/g, "").replace("T", "-").replace(".", "-");
    const name = `${env}__${recipe}__${seed}__${stamp.replace("Z", "")}`;
    this.path = this.#attempt(`make the run folder in ${out}`, () => {
      mkdirSync(out, { recursive: true });
      for (let copy = 1; ; copy++) {
        const path = join(out, copy === 1 ? name : `${name}-${copy}`);
        try {
          mkdirSync(path);
          return path;
        } catch (error) {
          const taken = error instanceof Error && "code" in error && error.code === "EEXIST";
          if (!taken || copy === 1000) throw error;
        }
      }
    });
  }

  /** Writes a whole file: to a temporary name first, synced, then renamed. */
  write(name: string, contents: string | Uint8Array): void {
    const path = join(this.path, name);
    this.#attempt(`write ${path}`, () => {
      writeFileAtomic.sync(path, typeof contents === "string" ? contents : Buffer.from(contents));
    });
  }

  /** Notes a row for episodes.csv; `flush` writes it. */
  addEpisode(record: EpisodeRecord, seconds: number): void {
    this.#rows += `${record.episode},${record.steps},${record.length},${record.return},${record.runningScore},${record.epsilon},${record.greedyReturn ?? ""},${seconds.toFixed(6)}\n`;
  }

  flush(): void {
    if (this.#rows === "") return;
    const path = join(this.path, "episodes.csv");
    this.#attempt(`write ${path}`, () => appendFileSync(path, this.#rows));
    this.#rows = "";
  }

  #attempt<Result>(what: string, action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      throw new RunError(`Could not ${what}: ${reason(error)}.`);
    }
  }
}
