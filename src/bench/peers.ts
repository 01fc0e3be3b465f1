// npm run bench:peers [-- --python PATH] [--native] [--json]: times the same training steps in this library, TensorFlow.js
// and PyTorch. The first call installs TensorFlow.js into build/peers. PyTorch and NumPy must be installed in `python3`, or in
// the Python that --python names. --native adds a C program, which gcc compiles.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { RunError } from "../errors.ts";
import type { Backend } from "../kernels/kernels.ts";
import { median } from "../numerics/statistics.ts";
import { readFlags } from "./flags.ts";
import { machineName } from "./machine.ts";
import { measureInterleaved, type Work } from "./measure.ts";
import { buildNative, type NativeBuild, nativeBuilds, nativeCase, runNative } from "./native.ts";
import { type Peer, processPeer } from "./processPeer.ts";
import { type PeerStep, peerSteps, peerWorkload } from "./workloads.ts";

const ROUNDS = 5;
const TFJS = "4.22.0";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const folder = path("../../peers");

/** Calls `make` once per step. */
function memoize<Step extends PeerStep, Value>(make: (step: Step) => Value): (step: Step) => Value {
  const made = new Map<Step, Value>();
  return (step) => {
    const value = made.get(step) ?? make(step);
    made.set(step, value);
    return value;
  };
}

function ourPeer(backend: Backend): Peer {
  const workOf = memoize((step: PeerStep): Work => peerWorkload(step).make(backend));
  return (step) => measureInterleaved([workOf(step)], 3)[0]!;
}

function tensorFlowPeer(backend: string): Promise<Peer> {
  if (!existsSync(`${folder}/node_modules/@tensorflow/tfjs-backend-wasm`)) {
    console.error(`Installing TensorFlow.js ${TFJS} into ${folder} ...`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/package.json`, '{ "private": true }\n');
    const packages = ["core", "layers", "backend-cpu", "backend-wasm"];
    const names = packages.map((name) => `@tensorflow/tfjs-${name}@${TFJS}`);
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund"];
    execFileSync("npm", ["install", ...flags, ...names], { cwd: folder, stdio: "ignore" });
  }
  return processPeer(process.execPath, [path("./tensorflow.js"), folder, backend]);
}

const caseOf = memoize(nativeCase);

function nativePeer(build: NativeBuild): Peer {
  const executable = buildNative(path("../../../src/bench/native.c"), build, folder);
  return (step) =>
    step === "breakout" ? null : runNative(executable, step, caseOf(step)).microseconds;
}

const options = readFlags({
  json: { type: "boolean", default: false },
  native: { type: "boolean", default: false },
  python: { type: "string", default: "python3" },
});

const pytorch = (style: string) =>
  processPeer(options.python, [path("../../../src/bench/pytorch.py"), style]);
const candidates: readonly (readonly [string, () => Peer | Promise<Peer>])[] = [
  ["wasm-dqn", () => ourPeer("wasm")],
  ["wasm-dqn js", () => ourPeer("js")],
  ["tfjs wasm", () => tensorFlowPeer("wasm")],
  ["tfjs cpu", () => tensorFlowPeer("cpu")],
  ["PyTorch", () => pytorch("idiomatic")],
  ["PyTorch by hand", () => pytorch("by-hand")],
  ...(options.native ? nativeBuilds : []).map(
    (build) => [build.name, () => nativePeer(build)] as const,
  ),
];
const peers: { readonly name: string; readonly peer: Peer }[] = [];
for (const [name, start] of candidates) {
  try {
    peers.push({ name, peer: await start() });
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    console.error(`Skipped ${name}: ${error.message}`);
  }
}

const rows = [];
for (const step of peerSteps) {
  const { name } = peerWorkload(step);
  const samples: number[][] = peers.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [k, { peer }] of peers.entries()) {
      const microseconds = await peer(step);
      if (microseconds !== null) samples[k]!.push(microseconds);
    }
    process.stderr.write(`\r${name}: round ${round + 1} of ${ROUNDS} `);
  }
  const times = samples.map((all) => (all.length === 0 ? null : median(all)));
  const microseconds = Object.fromEntries(peers.map((peer, k) => [peer.name, times[k]!]));
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
      if (theirs === null) return "-";
      return `${show(theirs)} (${show(theirs / ours)}x)`;
    });
    console.log(`| \`${name}\` | ${show(ours)} | ${cells.join(" | ")} |`);
  }
}
process.exit(0);
