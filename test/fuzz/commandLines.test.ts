import { spawnSync } from "node:child_process";
import { chmodSync, closeSync, constants, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { main } from "../cli/run.ts";
import { canMount, mountDisk } from "../faults/smallDisk.ts";
import { drawWords, type Words } from "./commandLines.ts";
import {
  type CommandLine,
  type Ending,
  type InputStream,
  type OutputStream,
  runCommand,
  shellLine,
} from "./commandProcess.ts";
import { lastingFolder } from "./folder.ts";
import { fuzzAsync } from "./fuzz.ts";
import type { Mutator } from "./mutator.ts";
import { copySandbox, entriesOf, fillSandbox, makeFifo } from "./sandbox.ts";

const parent = lastingFolder();
// The user nobody must be able to enter it.
chmodSync(parent, 0o755);

const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534 };
const hasNobody = isRoot && spawnSync(process.execPath, [main, "--version"], nobody).status === 0;
if (!hasNobody) console.error("SKIPPED: no commands of the user nobody in read-only folders.");
const readOnly = canMount() ? join(parent, "read-only") : null;

let unmount = () => {};
beforeAll(() => {
  if (readOnly === null) return;
  const filled = join(parent, "filled");
  fillSandbox(filled, parent);
  const disk = mountDisk(readOnly, 4096);
  copySandbox(filled, disk.path);
  disk.makeReadOnly();
  unmount = disk.unmount;
});
afterAll(() => unmount());

/** Names of working directories. */
const names = [
  ...[
    "here",
    "here",
    "two words",
    "two\nlines",
    'it\'s "quoted"',
    "--",
    "-rf",
    "--help",
    "*",
    "$HOME",
    "%41",
  ],
  ...[
    "\u{1f4a5}\u202egnp",
    "e\u0301",
    "\u001b[31mred",
    "#x?y",
    "n".repeat(255),
    `${"deep/".repeat(300)}end`,
  ],
];

/** Where a command runs. */
interface Place {
  readonly folder: string;
  /** Shell commands that run before it. */
  readonly before: string;
  readonly nobody: boolean;
  readonly writable: boolean;
}

function drawPlace(mutator: Mutator, k: number): Place {
  const kind = mutator.below(8);
  if (kind === 0 && readOnly !== null) {
    return { folder: readOnly, before: "", nobody: false, writable: false };
  }
  const folder = join(parent, `case-${k}`, mutator.pick(names));
  const damaged = mutator.below(3) === 0;
  const damage = (bytes: Uint8Array) =>
    damaged && mutator.below(2) === 0 ? mutator.bytes(bytes) : bytes;
  fillSandbox(folder, parent, damage);
  if (kind === 1 && hasNobody) return { folder, before: "", nobody: true, writable: false };
  const deleted = "mkdir gone; cd gone; rmdir ../gone; ";
  return { folder, before: kind === 2 ? deleted : "", nobody: false, writable: true };
}

const outputs: readonly OutputStream[] = [
  ...([
    "pipe",
    "pipe",
    "pipe",
    "pipe",
    "leaving reader",
    "closed",
    "/dev/null",
    "/dev/full",
  ] as const),
];
const standardInputs: readonly InputStream[] = [
  ...(["/dev/null", "/dev/null", "closed", "open pipe", "ended pipe", "folder", "policy"] as const),
];
const environments = [
  ...[
    {},
    {},
    {},
    { HOME: "" },
    { TMPDIR: "/nowhere" },
    { COLUMNS: "0", LINES: "-1" },
    { TERM: "dumb" },
  ],
  ...[
    { NO_COLOR: "1" },
    { LANG: "tr_TR.UTF-8", TZ: "Nowhere/X" },
    { NODE_ENV: "production", CI: "1" },
  ],
];

/** Draws signals at random times: one, the same one twice, or two different ones. */
function drawSignals(mutator: Mutator): CommandLine["signals"] {
  const some = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const first = mutator.pick(some);
  const at = mutator.below(2_500);
  // The last one kills a command that survived the others.
  const last = ["SIGKILL", 20_000] as const;
  if (mutator.below(2) === 0) return [[first, at], last];
  const second = mutator.below(2) === 0 ? first : mutator.pick(some);
  return [[first, at], [second, mutator.below(300)], last];
}

/** @throws unless the command ended by the rules: exit codes, one sentence of failure, no leftover process */
function expectProperEnding(line: CommandLine, ending: Ending): void {
  const { code, killed, leftBehind, sent, signal, stderr, stdout } = ending;
  expect(killed).toBeNull();
  expect(leftBehind, "a process is left behind").toBe(false);
  expect(sent, "it needed a SIGKILL").not.toContain("SIGKILL");
  if (signal !== null) expect(sent).toContain(signal);
  else expect(sent.length > 0 ? [0, 1, 2, 129, 130, 143] : [0, 1, 2]).toContain(code);
  expect(stderr).not.toMatch(/^ {4}at |node:internal|TypeError|FATAL ERROR|Warning:/m);
  expect(stdout).not.toMatch(/^ {4}at /m);
  const sentences = stderr.match(/^wasm-dqn: .*$/gm) ?? [];
  expect(sentences.length, `sentences of failure in ${stderr}`).toBeLessThanOrEqual(1);
  const heard = line.stderr === "pipe" && signal === null && (code === 1 || code === 2);
  if (heard) expect(stderr).toMatch(/(^|\n)wasm-dqn: [^\n]+\n$/);
  if (code === 0) expect(sentences).toEqual([]);
}

/** @throws if a path changed that the command line does not name */
function expectUntouched(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  { mayMake, mayReplace }: Words,
  interrupted: boolean,
): void {
  const within = (name: string) =>
    mayMake.some(
      (path) =>
        path === "." ||
        name === path ||
        `${name}/`.startsWith(`${path}/`) ||
        path.startsWith(`${name}/`),
    );
  const faults: string[] = [];
  for (const [name, hash] of before) {
    const now = after.get(name);
    if (now === undefined) faults.push(`deleted: ${name}`);
    else if (now !== hash && !mayReplace.includes(name)) faults.push(`changed: ${name}`);
  }
  for (const name of after.keys()) {
    if (before.has(name)) continue;
    // Temporary and lock files. A process that is killed by a signal cannot delete them.
    const unfinished = /\.(wasm-dqn-tmp|lock)$/.test(name);
    if (unfinished ? !interrupted : !within(name)) faults.push(`made: ${name}`);
  }
  if (faults.length > 0) expect.fail(faults.join("; "));
}

/** Opens both ends of a FIFO until the returned function is called. */
function attend(fifo: string): () => void {
  // Open for reading and writing, so neither side blocks.
  const file = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  return () => closeSync(file);
}

function commandCase(mutator: Mutator, k: number, lasting: boolean) {
  const place = drawPlace(mutator, k);
  const words = drawWords(mutator, place.folder, lasting);
  const stdin = mutator.pick(standardInputs);
  const line: CommandLine = {
    args: words.args,
    folder: place.folder,
    before: place.before,
    nobody: place.nobody,
    environment: mutator.pick(environments),
    stdin: place.before !== "" && stdin === "policy" ? "closed" : stdin,
    stdout: mutator.pick(outputs),
    stderr: mutator.pick(outputs),
    signals: lasting ? drawSignals(mutator) : [],
    mayWait: words.mayWait,
  };
  const shown = { folder: place.folder, nobody: place.nobody, ...line.environment };
  const streams = { stdin, stdout: line.stdout, stderr: line.stderr, signals: line.signals };
  return {
    shown: () => `${JSON.stringify({ ...shown, ...streams })}\n${shellLine(line)}`,
    async run() {
      const attended = words.fifo && place.writable && mutator.below(2) === 0;
      if (words.fifo && place.writable) makeFifo(join(place.folder, "fifo"));
      const before = entriesOf(place.folder);
      const leave = attended ? attend(join(place.folder, "fifo")) : () => undefined;
      try {
        const ending = await runCommand(line);
        expectProperEnding(line, ending);
        expectUntouched(before, entriesOf(place.folder), words, ending.signal !== null);
      } finally {
        leave();
        if (place.folder !== readOnly)
          rmSync(join(parent, `case-${k}`), { recursive: true, force: true });
      }
    },
  };
}

const options = { together: 3, total: "command lines as processes" } as const;

fuzzAsync("command lines as processes in odd places end properly", 22, options, (mutator, k) =>
  commandCase(mutator, k, false),
);

fuzzAsync(
  "command lines as processes that receive signals end properly",
  8,
  options,
  (mutator, k) => commandCase(mutator, 1e9 + k, true),
);
