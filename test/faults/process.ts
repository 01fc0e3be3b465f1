import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { main } from "../cli/run.ts";

export const wait = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** A running command. */
export interface RunningCommand {
  readonly pid: number;
  /** Resolves to the exit code; null if a signal ended the command. */
  readonly ended: Promise<number | null>;
  /** Returns its stderr so far. */
  says(): string;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts `wasm-dqn` in `folder`. The command is killed after the test.
 * @param user user id to run it as
 */
export function begin(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  user?: number,
): RunningCommand {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "pipe"],
    ...(user !== undefined && { uid: user, gid: user }),
  });
  let text = "";
  child.stderr.on("data", (data: Buffer) => {
    text += data.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return {
    pid: child.pid!,
    ended,
    says: () => text,
    kill: (signal) => void child.kill(signal),
  };
}

/** Waits until the command's run, the only one in `out`, has logged some episodes. Returns the run folder. */
export async function runInMidst(command: RunningCommand, out: string): Promise<string> {
  let over = false;
  void command.ended.then(() => {
    over = true;
  });
  for (;;) {
    if (over) throw new Error(`It ended before: ${command.says()}`);
    const [run] = existsSync(out) ? readdirSync(out) : [];
    const csv = join(out, run ?? "", "episodes.csv");
    if (run !== undefined && existsSync(csv) && statSync(csv).size > 1_000) return join(out, run);
    await wait(10);
  }
}
