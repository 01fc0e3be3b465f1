import { writeSync } from "node:fs";
import { SHARE_ENV, Worker } from "node:worker_threads";
import { exitCode, isStoppable, requestStop, sharedMemory } from "./sharedWords.ts";
import { onStopSignals } from "./stopSignals.ts";

/** After the signal, before the user is told that the run will stop. */
const PATIENCE_MILLISECONDS = 1_000;
/** For a thread to end. One that waits in a system call does not: then the signal's own action ends the process. */
const END_MILLISECONDS = 500;

const INTERRUPTED = 130;

function say(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // stderr is closed: there is nowhere to report this.
  }
}

/**
 * Runs a command in a thread of its own, so that this one hears signals while the command computes. The thread may run the code of a
 * user's environment, which may compute forever or end its thread.
 */
export function supervise(args: readonly string[]): void {
  const thread = new Worker(new URL("./commandThread.js", import.meta.url), {
    argv: [...args],
    env: SHARE_ENV,
    workerData: sharedMemory,
    // It writes to the standard streams itself. As the default, every text would go through this thread.
    stdout: true,
    stderr: true,
  });
  let ending = false;
  thread.once("error", (error) => {
    say(`wasm-dqn: The command's thread failed: ${error.message}.\n`);
    process.exit(1);
  });
  thread.once("exit", () => {
    const code = ending ? INTERRUPTED : exitCode();
    if (code === null) say("wasm-dqn: The environment ended the process.\n");
    process.exit(code ?? 1);
  });

  const end = () => {
    ending = true;
    void thread.terminate();
    setTimeout(() => {
      process.removeAllListeners("SIGINT");
      process.kill(process.pid, "SIGINT");
    }, END_MILLISECONDS);
  };
  onStopSignals(() => {
    if (!isStoppable()) return end();
    requestStop();
    setTimeout(() => {
      say(
        "\nStopping after the present update or episode. Ctrl-C again ends the process at once.\n",
      );
    }, PATIENCE_MILLISECONDS).unref();
  }, end);
}
