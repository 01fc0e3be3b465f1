import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { main } from "../cli/run.ts";
import { wait } from "../faults/process.ts";

/** A process that runs longer hangs. Starting alone can take seconds on a busy machine. */
const HANG_MILLISECONDS = 40_000;
/** A process that may wait for its input is interrupted after this time. */
const PATIENCE_MILLISECONDS = 3_000;
/** More memory than any command of the tests needs. */
const MOST_BYTES = 1.5 * 2 ** 30;
const PAGE_BYTES = 4096;

export type OutputStream = "pipe" | "leaving reader" | "closed" | "/dev/null" | "/dev/full";
export type InputStream = "closed" | "/dev/null" | "open pipe" | "ended pipe" | "folder" | "policy";

/** How a command is started. */
export interface CommandLine {
  readonly args: readonly string[];
  /** Working directory, and shell commands that run in it before the command. */
  readonly folder: string;
  readonly before: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Signals with the milliseconds to wait before each. */
  readonly signals: readonly (readonly [signal: NodeJS.Signals, milliseconds: number])[];
  /** Whether it may block on a pipe until it is interrupted. */
  readonly mayWait: boolean;
  /** Whether it runs as the user nobody. */
  readonly nobody: boolean;
}

/** How a command has ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it was killed; null if it ended by itself. */
  readonly killed: "it hangs" | "it takes too much memory" | null;
  /** Signals that were sent. */
  readonly sent: readonly NodeJS.Signals[];
  /** Whether a process of its group is still running. */
  readonly leftBehind: boolean;
}

const inputs: Readonly<Record<InputStream, string>> = {
  closed: "<&-",
  "/dev/null": "</dev/null",
  "open pipe": "",
  "ended pipe": "",
  folder: "<.",
  policy: "<policy.safetensors",
};

function output(number: 1 | 2, stream: OutputStream): string {
  if (stream === "closed") return `${number}>&-`;
  return stream.startsWith("/") ? `${number}>${stream}` : "";
}

/** The shell command line, which a failure also shows. */
export function shellLine({ args, before, stderr, stdin, stdout }: CommandLine): string {
  const quoted = [process.execPath, main, ...args].map(
    (one) => `'${one.replaceAll("'", "'\\''")}'`,
  );
  const streams = [inputs[stdin], output(1, stdout), output(2, stderr)].join(" ");
  return `${before}exec ${quoted.join(" ")} ${streams}`;
}

/** Memory in use by a process, in bytes; 0 if it has ended. */
function memoryOf(pid: number): number {
  try {
    return PAGE_BYTES * Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
  } catch {
    return 0;
  }
}

function groupExists(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Runs a command as a process to its end. Kills it if it hangs. */
export async function runCommand(line: CommandLine): Promise<Ending> {
  const user = line.nobody ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn("/bin/sh", ["-c", shellLine(line)], {
    ...{ cwd: line.folder, env: { ...process.env, ...line.environment }, detached: true },
    ...user,
  });
  const pid = child.pid!;
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    const stream = child[name];
    stream.on("error", () => undefined);
    stream.on("data", (data: Buffer) => {
      texts[name] += data.toString();
    });
    if (line[name] === "leaving reader") stream.destroy();
  }
  child.stdin.on("error", () => undefined);
  if (line.stdin !== "open pipe") child.stdin.end();

  const sent: NodeJS.Signals[] = [];
  let over = false;
  const send = async (signal: NodeJS.Signals, milliseconds: number) => {
    await wait(milliseconds);
    if (!over && child.kill(signal)) sent.push(signal);
  };
  // Sequentially, so that a delayed test does not send all at once.
  const sendAll = async () => {
    for (const [signal, milliseconds] of line.signals) await send(signal, milliseconds);
  };
  void sendAll();
  if (line.mayWait) void send("SIGINT", PATIENCE_MILLISECONDS);

  let killed: Ending["killed"] = null;
  const start = Date.now();
  const guard = setInterval(() => {
    if (memoryOf(pid) > MOST_BYTES) killed ??= "it takes too much memory";
    if (Date.now() - start > HANG_MILLISECONDS) killed ??= "it hangs";
    if (killed !== null) child.kill("SIGKILL");
  }, 50);
  const closed = new Promise((resolve) => child.once("close", resolve));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once("exit", (...ending) => resolve(ending)),
  );
  over = true;
  clearInterval(guard);
  // Commands of the shell may briefly outlive it.
  for (let k = 0; k < 40 && groupExists(pid); k++) await wait(50);
  const leftBehind = groupExists(pid);
  if (leftBehind) process.kill(-pid, "SIGKILL");
  await closed;
  return { ...texts, code, signal, killed, sent, leftBehind };
}
