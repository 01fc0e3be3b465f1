import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { recipeConfig } from "../../src/config/recipes.ts";
import { encodeSafetensors } from "../../src/formats/safetensors.ts";

/** Contents of a run folder. */
export interface WrittenRun {
  readonly recipe?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  /** Returns of the episodes, each 10 steps long. */
  readonly returns?: readonly number[];
  readonly metrics?: string;
  /** `finished` in the checkpoint; undefined for no checkpoint. */
  readonly finished?: boolean;
}

/** Writes the files of a run folder that `plot` reads. */
export function writeRun(
  folder: string,
  { config = {}, finished, metrics = "", recipe = "solve", returns = [] }: WrittenRun,
): string {
  mkdirSync(folder, { recursive: true });
  const whole = { recipe, ...recipeConfig("solve"), ...config };
  writeFileSync(join(folder, "config.json"), JSON.stringify(whole));
  const rows = returns.map((value, k) => `${k + 1},${10 * (k + 1)},10,${value},0,0.5,,0\n`);
  const header = "episode,steps,length,return,runningScore,epsilon,greedyReturn,seconds\n";
  writeFileSync(join(folder, "episodes.csv"), header + rows.join(""));
  writeFileSync(join(folder, "metrics.jsonl"), metrics);
  if (finished !== undefined) {
    const metadata = { wasm_dqn_checkpoint: "1", counters: JSON.stringify({ finished }) };
    writeFileSync(
      join(folder, "checkpoint.safetensors"),
      encodeSafetensors({ metadata, tensors: [] }),
    );
  }
  return folder;
}
