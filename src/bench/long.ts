// npm run bench:long [-- --steps 20000000] [--logged] [--json]: shows that a process neither slows down nor grows over
// millions of steps. --logged writes all outputs of `train`: progress, episodes.csv, event files, checkpoints. The npm script
// limits V8's young generation, which may otherwise grow to 48 MiB, so that only retained memory can grow.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parseConfig } from "../config/config.ts";
import { recipeConfig } from "../config/recipes.ts";
import type { TrainingObserver } from "../dqn/observer.ts";
import { Training } from "../dqn/training.ts";
import { UsageError } from "../errors.ts";
import { RunFolder } from "../runs/runFolder.ts";
import { trainAndRecord } from "../runs/trainAndRecord.ts";
import { readFlags } from "./flags.ts";

const MILLION = 1_000_000;
/** Steps between two measurements: at most about a second of work. */
const STEPS_AT_ONCE = 100_000;
const RECIPE = "tanh-64";

setFlagsFromString("--expose-gc");
/** Collects garbage before memory is measured, since its amount is random. */
const collectGarbage = runInNewContext("gc") as () => void;

/** Speed of a million steps, and the memory of the process after them. */
interface Million {
  readonly stepsPerSecond: number;
  /** Steps per second of the process's CPU time, which other processes disturb less than wall time. */
  readonly stepsPerCpuSecond: number;
  readonly residentMiB: number;
}

/** Records speed and memory after each million steps of a training. */
class Milestones {
  readonly millions: Million[] = [];
  #time = performance.now();
  #cpu = process.cpuUsage();
  #steps = 0;

  record(steps: number): void {
    if (steps < (this.millions.length + 1) * MILLION) return;
    const now = performance.now();
    const { system, user } = process.cpuUsage(this.#cpu);
    const taken = steps - this.#steps;
    collectGarbage();
    const million: Million = {
      stepsPerSecond: (1000 * taken) / (now - this.#time),
      stepsPerCpuSecond: (1e6 * taken) / (user + system),
      residentMiB: process.memoryUsage.rss() / 2 ** 20,
    };
    this.millions.push(million);
    this.#time = performance.now();
    this.#cpu = process.cpuUsage();
    this.#steps = steps;
    const thousands = (speed: number) => `${(speed / 1000).toFixed(1)} thousand steps`;
    console.error(
      `${(steps / MILLION).toFixed(1)} million: ${thousands(million.stepsPerSecond)}/s, ${thousands(million.stepsPerCpuSecond)} per second of CPU time, ${million.residentMiB.toFixed(1)} MiB`,
    );
  }
}

function trainAlone(training: Training, milestones: Milestones): void {
  while (!training.advance(STEPS_AT_ONCE)) milestones.record(training.steps);
  milestones.record(training.steps);
}

async function trainLogged(
  training: Training,
  observer: TrainingObserver,
  milestones: Milestones,
): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), "wasm-dqn-long-"));
  const { env, seed } = training.config;
  const folder = RunFolder.create({ out, env, recipe: RECIPE, seed, time: new Date() });
  const timer = setInterval(() => milestones.record(training.steps), 1);
  // Hides the output of the run.
  const write = process.stdout.write;
  process.stdout.write = () => true;
  try {
    const run = { recipe: RECIPE, training, observer, folder, module: null, secondsBefore: 0 };
    const control = { stopRequested: () => false, setStoppable() {}, setExitContext() {} };
    const options = { control, json: false, render: false, continueDiverged: false };
    await trainAndRecord(run, { ...options, checkpointEvery: MILLION / 10 });
  } finally {
    process.stdout.write = write;
    clearInterval(timer);
    rmSync(out, { recursive: true });
  }
  milestones.record(training.steps);
}

const flags = readFlags({
  steps: { type: "string", default: String(20 * MILLION) },
  logged: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
});
const totalSteps = Number(flags.steps);
if (!Number.isInteger(totalSteps / MILLION) || totalSteps < 3 * MILLION) {
  throw new UsageError(`--steps must be whole millions, at least 3, got "${flags.steps}".`);
}
const endless = { totalEpisodes: null, solvedBy: "none", totalSteps };
const observer: TrainingObserver = {};
const training = new Training(parseConfig({ ...recipeConfig(RECIPE), ...endless }), observer);
const milestones = new Milestones();
if (flags.logged) await trainLogged(training, observer, milestones);
else trainAlone(training, milestones);

const { millions } = milestones;
const second = millions[1]!;
const last = millions.at(-1)!;
const ratios = {
  speed: last.stepsPerSecond / second.stepsPerSecond,
  cpuSpeed: last.stepsPerCpuSecond / second.stepsPerCpuSecond,
  memory: last.residentMiB / second.residentMiB,
};
if (flags.json) console.log(JSON.stringify({ totalSteps, ratios, millions }));
else {
  const percent = (ratio: number) => `${(100 * ratio).toFixed(1)}%`;
  console.log(
    `The last million against the second: speed ${percent(ratios.speed)} (per second of CPU time ${percent(ratios.cpuSpeed)}), resident memory ${percent(ratios.memory)}.`,
  );
}
