import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { claimFolder } from "../../src/files/folderClaim.ts";
import { chartSvg } from "../../src/reports/chart.ts";
import { learningCurves, readRun } from "../../src/reports/learningCurves.ts";
import { RunFolder } from "../../src/reports/runFolder.ts";
import { defaults } from "../../src/training/config.ts";
import { newRunState } from "../../src/training/runState.ts";
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

/** Draws the run, and takes its logs back as a run that goes on does. */
function useFolder(): void {
  const run = readRun(folder);
  const panels = learningCurves([run, run]);
  if (panels.length > 0) {
    expect(chartSvg(panels, 3, run.name)).not.toMatch(/="[^"]*(NaN|undefined|Infinity)/);
  }
  new RunFolder(folder).rewind({ ...newRunState(defaults), steps: 60 });
  // Only whole rows of steps up to then are left, however they looked before.
  const [, ...rows] = readFileSync(join(folder, "episodes.csv"), "utf8").trimEnd().split("\n");
  for (const row of rows) expect(Number(row.split(",")[1])).toBeLessThanOrEqual(60);
}

/** The claim on a folder of a process that was killed, or is another machine's. */
const claimed = join(parent, "claimed");
mkdirSync(claimed);
claimFolder(claimed);
const claim = readFileSync(join(claimed, readdirSync(claimed)[0]!), "utf8");
const listeners = process.listeners("exit");

fuzz("claims on folders, damaged", 300, (mutator) => {
  const text = mutator.below(3) === 0 ? mutator.bytes(Buffer.from(claim)) : mutator.text(claim);
  const other = join(claimed, "running.999999999.1.json");
  writeFileSync(other, text);
  return {
    size: text.length,
    shown: Buffer.from(text).toString(),
    read() {
      try {
        claimFolder(claimed);
        expect(existsSync(other)).toBe(false);
      } finally {
        const [last] = process.listeners("exit").slice(listeners.length);
        if (last !== undefined) process.removeListener("exit", last);
      }
    },
  };
});

fuzz("run folders, damaged", 600, (mutator) => {
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
        expect(readdirSync(parent)).toEqual(["claimed", "run"]);
        expect(readdirSync(folder).sort()).toEqual(Object.keys(files));
      }
    },
  };
});
