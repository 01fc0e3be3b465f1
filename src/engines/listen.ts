import { spawn } from "node:child_process";
import { type EventEmitter, once } from "node:events";
import { createInterface } from "node:readline";
import { RunError } from "../errors.ts";
import type { RunLine, SkippedBackend } from "./cases.ts";
import type { LastLine } from "./program.ts";

/** Receives each run that an engine has finished, and each backend that it skips. */
export type OnRun = (run: RunLine | SkippedBackend) => void;

/** Starts a command in a new process group, which is killed when this process ends. */
function start(command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  const kill = () => {
    if (child.pid === undefined) return;
    try {
      // A browser is many processes: kill the whole group.
      process.kill(-child.pid, "SIGKILL");
    } catch {
      child.kill("SIGKILL");
    }
  };
  // The command must have ended before its folder is deleted.
  process.prependListener("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    kill();
    const running = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
    if (running) await once(child, "exit");
  };
  return { child, stop };
}

/** Parses a line; null if the program did not write it. */
function readLine(text: string): RunLine | SkippedBackend | LastLine | null {
  try {
    const line: unknown = JSON.parse(text);
    if (typeof line !== "object" || line === null) return null;
    const known = "weights" in line || "skipped" in line || "done" in line;
    return known ? (line as RunLine | SkippedBackend | LastLine) : null;
  } catch {
    return null;
  }
}

/**
 * Runs a command until its program has written its last line, then ends the command.
 * @param lines emits "line" with each line of the program; default: the command's standard output
 * @param seconds without a line after which the command is killed
 * @throws RunError if the command ends early, is silent for too long, or its program fails
 */
export function listen(
  command: string,
  args: readonly string[],
  seconds: number,
  onRun: OnRun,
  lines?: EventEmitter,
): Promise<void> {
  const { child, stop } = start(command, args);
  return new Promise<void>((resolve, reject) => {
    let complaint = "";
    let timer: NodeJS.Timeout | undefined;
    let ended = false;
    const end = (reason?: string) => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      const settle = () => (reason === undefined ? resolve() : reject(new RunError(reason)));
      stop().then(settle, settle);
    };
    const giveUp = (reason: string) => end(complaint === "" ? reason : `${reason}: ${complaint}`);
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => giveUp(`no answer for ${seconds} s`), 1000 * seconds);
    };
    const keep = (text: string) => {
      if (text.trim() !== "") complaint = text.trim().slice(0, 200);
    };
    const take = (text: string) => {
      const line = readLine(text);
      if (ended) return;
      if (line === null) keep(text);
      else if ("done" in line) end(line.error);
      else {
        wait();
        onRun(line);
      }
    };
    createInterface({ input: child.stderr! }).on("line", keep);
    createInterface({ input: child.stdout! }).on("line", lines === undefined ? take : keep);
    lines?.on("line", take);
    child.on("error", ({ message }) => end(`it cannot be started: ${message}`));
    child.on("close", (code, signal) =>
      giveUp(`it ended too early, with ${signal ?? `code ${code}`}`),
    );
    wait();
  });
}
