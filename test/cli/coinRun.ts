import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { temporaryFolder, wasmDqn } from "./run.ts";

/** Text of the game in test/games/coin.ts. */
export const coin = readFileSync(
  fileURLToPath(new URL("../games/coin.ts", import.meta.url)),
  "utf8",
);

/** A folder with coin.ts, or with a changed copy of it. */
export function folderWithCoin(
  change: (text: string) => string = (text) => text,
  folder = temporaryFolder(),
): string {
  writeFileSync(join(folder, "coin.ts"), change(coin));
  return folder;
}

/** Makes step throw. */
export const broken = (text: string) => text.replace("const x = ", "const x = this.food.x + ");

/** Changes the rewards. */
export const dear = (text: string) => text.replace("-0.05", "-0.5");

export interface CoinRun {
  readonly runDirectory: string;
  readonly weightsSha256: string;
  readonly solved: boolean | null;
}

/** Trains in coin.ts for 600 steps, unless flags change it. */
export function trainCoin(folder: string, ...flags: string[]): CoinRun {
  const args = ["train", "--env", "./coin.ts", "--json", "--total-steps", "600", ...flags];
  const { code, stderr, stdout } = wasmDqn(folder, ...args);
  expect([code, stderr.includes("wasm-dqn:")]).toEqual([0, false]);
  return JSON.parse(stdout) as CoinRun;
}

export const lastLine = (text: string) => text.trimEnd().split("\n").at(-1);
