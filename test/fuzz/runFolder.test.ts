import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { newRunState } from "../../src/dqn/runState.ts";
import { lockFolder } from "../../src/files/folderLock.ts";
import { chartSvg } from "../../src/plots/chart.ts";
import { learningCurves } from "../../src/plots/learningCurves.ts";
import { distinctRuns, groupRuns } from "../../src/plots/runGroups.ts";
import { readRun } from "../../src/plots/runRecord.ts";
import { RunFolder } from "../../src/runs/runFolder.ts";
import { lastingFolder } from "./folder.ts";
import { fuzz } from "./fuzz.ts";

const parent = lastingFolder();
const folder = join(parent, "run");
mkdirSync(folder);

const numbers = [1, 2, 3, 4, 5, 6];
const files: Readonly<Record<string, string>> = {
  "config.json": JSON.stringify({ recipe: "solve", env: "CartPole-v1", seed: 1 }),
  "episodes.csv": `episode,steps,length,return,runningScore,epsilon,greedyReturn,seconds\n${numbers
    .map((k) => `${k},${20 * k},20,20,${0.2 * k},0.9,,0.00${k}\n`)
    .join("")}`,
  "metrics.jsonl": numbers
    .map((k) => `{"step":${20 * k},"train/loss":0.${k},"train/q_mean":1,"eval/mean_reward":9}\n`)
    .join(""),
};

/** Plots the run, and rewinds its logs as a resumed run does. */
function useFolder(): void {
  const run = readRun(folder);
  expect(distinctRuns([run, run]).runs).toEqual([run]);
  const panels = learningCurves(groupRuns([run, run]));
  if (panels.length > 0) {
    expect(chartSvg(panels, 3, run.name)).not.toMatch(/="[^"]*(NaN|undefined|Infinity)/);
  }
  new RunFolder(folder).rewind({ ...newRunState(defaults), steps: 60 });
  // Only complete rows up to that step are left.
  const [, ...rows] = readFileSync(join(folder, "episodes.csv"), "utf8").trimEnd().split("\n");
  for (const row of rows) expect(Number(row.split(",")[1])).toBeLessThanOrEqual(60);
}

/** A folder with the lock file of another process. */
const locked = join(parent, "locked");
mkdirSync(locked);
lockFolder(locked);
const lock = readFileSync(join(locked, readdirSync(locked)[0]!), "utf8");
const listeners = process.listeners("exit");

fuzz("locks or rejects folders with a damaged lock file", 300, (mutator) => {
  const text = mutator.below(3) === 0 ? mutator.bytes(Buffer.from(lock)) : mutator.text(lock);
  const other = join(locked, "wasm-dqn.999999999.1.lock");
  writeFileSync(other, text);
  return {
    size: text.length,
    shown: Buffer.from(text).toString(),
    read() {
      try {
        lockFolder(locked);
        expect(existsSync(other)).toBe(false);
      } finally {
        const [last] = process.listeners("exit").slice(listeners.length);
        if (last !== undefined) process.removeListener("exit", last);
      }
    },
  };
});

fuzz("plots and rewinds or rejects damaged run folders", 600, (mutator) => {
  const damaged = mutator.pick(Object.keys(files));
  const text = files[damaged]!;
  const contents =
    mutator.below(3) === 0 ? mutator.bytes(new TextEncoder().encode(text)) : mutator.text(text);
  for (const [name, whole] of Object.entries(files)) {
    writeFileSync(join(folder, name), name === damaged ? contents : whole);
  }
  return {
    size: contents.length,
    shown: Buffer.from(contents).toString(),
    read() {
      try {
        useFolder();
      } finally {
        expect(readdirSync(parent)).toEqual(["locked", "run"]);
        expect(readdirSync(folder).sort()).toEqual(Object.keys(files));
      }
    },
  };
});
