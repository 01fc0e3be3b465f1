import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { Training } from "../../src/dqn/training.ts";
import { encodeCheckpoint } from "../../src/formats/checkpoint.ts";
import { encodePolicy } from "../../src/formats/policy.ts";

const training = new Training({ ...defaults, totalSteps: 400, bufferSize: 64, hiddenSizes: [8] });
training.advance(30);
const policy = encodePolicy(training);
const checkpoint = encodeCheckpoint(training, "solve");

const environment = `export default () => {
  let step = 0;
  return {
    observationSize: 2,
    actionCount: 2,
    reset: () => { step = 0; return [0, 1]; },
    step: (action) => ({ observation: [action, ++step], reward: 1, terminated: step === 9, truncated: false }),
  };
};
`;

/** Foreign files, some with names like ours. No command may change them. */
const foreign: Readonly<Record<string, string>> = {
  "notes.txt": "Do not lose this.\n",
  "run/notes.txt": "About this run.\n",
  "run/weights_v2.safetensors.202611": "A copy of November.\n",
  "run/config.json.20261121": "A copy of the 21st.\n",
  "run/results.csv.1234567": "a,b\n1,2\n",
  "run/report.md": "# My report\n",
  "elsewhere/config.json": '{"name":"my app"}\n',
  "elsewhere/run.json": '{"script":"start"}\n',
  "elsewhere/episodes.csv": "title,year\nPilot,1999\n",
  "elsewhere/results.csv": "name,score\nme,1\n",
  "elsewhere/metrics.jsonl": '{"unit":"kg"}\n',
  "swept/results.csv": "milk\nbread\n",
  "swept/results.csv.20261121": "milk\n",
  "runs/config.json.20261121": "A copy.\n",
  "folder/policy.onnx": "not ours\n",
};

/** Input files of commands. */
const inputs: Readonly<Record<string, string | Uint8Array>> = {
  "policy.safetensors": policy,
  "-policy.safetensors": policy,
  "config.json": '{"totalSteps":60,"solvedBy":"none"}',
  "environment.mjs": environment,
  "empty.json": "",
  "run/checkpoint.safetensors": checkpoint,
  "run/policy.safetensors": policy,
  "run/config.json": JSON.stringify({ recipe: "solve", ...training.config }),
  "run/episodes.csv":
    "episode,steps,length,return,runningScore,epsilon,greedyReturn,seconds\n1,20,20,20,0.2,0.9,,0.001\n",
  "run/metrics.jsonl": '{"step":20,"train/loss":0.5,"rollout/ep_rew_mean":20}\n',
  "elsewhere/checkpoint.safetensors": checkpoint,
};

/** Symbolic links and their targets. */
const links: Readonly<Record<string, string>> = {
  "loop.safetensors": "loop.safetensors",
  "loop.svg": "loop.svg",
  "dangling.safetensors": "nowhere/policy.safetensors",
  "dangling.svg": "nowhere/picture.svg",
  "linked.safetensors": "policy.safetensors",
  "full.svg": "/dev/full",
  "null.gif": "/dev/null",
  "linked-run": "run",
};

let socket: string | null = null;

/** Path of a socket that every sandbox links to, since a socket's path may have at most 107 bytes. */
function socketIn(parent: string): string {
  if (socket !== null) return socket;
  socket = join(parent, "socket");
  const server = createServer().listen(socket).unref();
  afterAll(() => void server.close());
  return socket;
}

/**
 * Fills a folder with input files and foreign files.
 * @param parent a folder on the same file system, shared by all sandboxes
 * @param damage changes a file's bytes
 */
export function fillSandbox(
  folder: string,
  parent: string,
  damage: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
): void {
  for (const name of ["run", "elsewhere", "swept", "runs", "folder"]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  for (const [name, contents] of Object.entries(foreign)) {
    writeFileSync(join(folder, name), contents);
  }
  for (const [name, contents] of Object.entries(inputs)) {
    writeFileSync(join(folder, name), damage(Buffer.from(contents)));
  }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(folder, name));
  linkSync(socketIn(parent), join(folder, "socket.safetensors"));
}

/** Copies a sandbox, without its socket, to another file system. */
export function copySandbox(from: string, to: string): void {
  const filter = (path: string) => !lstatSync(path).isSocket();
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter });
}

export function makeFifo(path: string): void {
  execFileSync("mkfifo", [path]);
}

/** All paths below a folder, without following links, each with a hash of its mode, owner and contents. */
export function entriesOf(folder: string, prefix = ""): Map<string, string> {
  const entries = new Map<string, string>();
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stats = lstatSync(path);
    const hash = createHash("sha256").update(`${stats.mode} ${stats.uid} `);
    if (stats.isFile()) hash.update(readFileSync(path));
    else if (stats.isSymbolicLink()) hash.update(readlinkSync(path));
    entries.set(prefix + name, hash.digest("hex"));
    if (!stats.isDirectory()) continue;
    for (const [key, value] of entriesOf(path, `${prefix}${name}/`)) entries.set(key, value);
  }
  return entries;
}
