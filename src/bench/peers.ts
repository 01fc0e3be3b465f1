// npm run bench:peers: times the same training steps in this library, TensorFlow.js and PyTorch. The first call installs
// TensorFlow.js into build/peers. PyTorch must be installed in `python3`, or in the Python that --python names.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { median } from "../numerics/statistics.ts";
import { readFlags } from "./flags.ts";
import { machineName } from "./machine.ts";
import { measureInterleaved } from "./measure.ts";
import { type TrainingStep, trainingSteps, trainingWorkload } from "./workloads.ts";

const ROUNDS = 5;
const TFJS = "4.22.0";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** Returns the microseconds of one training step. */
type Peer = (step: TrainingStep) => Promise<number>;

/** Starts a process that reads a step as a line of JSON and answers with its microseconds; null if it cannot start. */
async function processPeer(command: string, args: readonly string[]): Promise<Peer | null> {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"] });
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  child.unref();
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const peer: Peer = async (step) => {
    child.stdin.write(`${JSON.stringify(step)}\n`);
    const { done, value } = await answers.next();
    return done ? Number.NaN : Number(value);
  };
  const alive = Number.isFinite(await peer(trainingSteps[0]!));
  return alive ? peer : null;
}

function installTensorFlow(folder: string): void {
  if (existsSync(`${folder}/node_modules/@tensorflow/tfjs-backend-wasm`)) return;
  console.error(`Installing TensorFlow.js ${TFJS} into ${folder} ...`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/package.json`, '{ "private": true }\n');
  const packages = ["core", "layers", "backend-cpu", "backend-wasm"];
  const names = packages.map((name) => `@tensorflow/tfjs-${name}@${TFJS}`);
  execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...names], {
    cwd: folder,
    stdio: "ignore",
  });
}

const options = readFlags({
  json: { type: "boolean", default: false },
  python: { type: "string", default: "python3" },
});

const folder = path("../../peers");
installTensorFlow(folder);
const tensorFlow = (backend: string) =>
  processPeer(process.execPath, [path("./tensorflow.js"), folder, backend]);
const candidates: readonly (readonly [string, Peer | null])[] = [
  ["wasm-dqn", async (step) => measureInterleaved([trainingWorkload(step).make("wasm")], 3)[0]!],
  ["wasm-dqn js", async (step) => measureInterleaved([trainingWorkload(step).make("js")], 3)[0]!],
  ["tfjs wasm", await tensorFlow("wasm")],
  ["tfjs cpu", await tensorFlow("cpu")],
  ["PyTorch", await processPeer(options.python, [path("../../../src/bench/pytorch.py")])],
];
const peers = candidates.flatMap(([name, peer]) => (peer === null ? [] : [{ name, peer }]));
for (const [name, peer] of candidates) {
  if (peer === null) console.error(`Skipped ${name}: it is not installed.`);
}

const rows = [];
for (const step of trainingSteps) {
  const { name } = trainingWorkload(step);
  const samples: number[][] = peers.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [k, { peer }] of peers.entries()) samples[k]!.push(await peer(step));
    process.stderr.write(`\r${name}: round ${round + 1} of ${ROUNDS} `);
  }
  const microseconds = Object.fromEntries(peers.map((peer, k) => [peer.name, median(samples[k]!)]));
  rows.push({ name, microseconds });
}
process.stderr.write("\n");

const machine = `${machineName()}, Node ${process.version}`;
if (options.json) console.log(JSON.stringify({ machine, rows }));
else {
  const others = peers.slice(1).map(({ name }) => name);
  console.log(`${machine}; medians of ${ROUNDS} interleaved rounds, one thread each\n`);
  console.log(`| | wasm-dqn us | ${others.map((name) => `${name} us`).join(" | ")} |`);
  console.log(`|---|---|${others.map(() => "---|").join("")}`);
  const show = (value: number) =>
    value.toLocaleString("en-US", { maximumSignificantDigits: 3, useGrouping: true });
  for (const { microseconds, name } of rows) {
    const ours = microseconds["wasm-dqn"]!;
    const cells = others.map((other) => {
      const theirs = microseconds[other]!;
      return `${show(theirs)} (${show(theirs / ours)}x)`;
    });
    console.log(`| \`${name}\` | ${show(ours)} | ${cells.join(" | ")} |`);
  }
}
process.exit(0);
