import { writeSync } from "node:fs";
import { SHARE_ENV, Worker } from "node:worker_threads";
import { commandState, exitCode, isStoppable, requestStop } from "./commandState.ts";
import { exitProcess } from "./exitProcess.ts";
import { onStopSignals } from "./stopSignals.ts";

/** Time after the signal before a message says that the run will stop. */
const MESSAGE_MILLISECONDS = 1_000;
/** Time for the thread to end. A thread in a blocking system call does not end: then the signal's default action ends the process. */
const END_MILLISECONDS = 500;

const INTERRUPTED = 130;

function writeError(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // stderr is closed: there is nowhere to report this.
  }
}

/**
 * Runs a command in its own thread, so that the main thread receives signals while the command computes.
 *
 *     main thread: supervisor.ts                   command's thread: commandThread.ts
 *     Ctrl-C -> requestStop()      -- commandState -->  stopRequested(): save a checkpoint, end
 *     second Ctrl-C -> terminate()                      also ends an environment that computes forever
 *     exitProcess(exitCode())     <-- commandState --   setExitCode()
 *                                                       writes stdout and stderr itself: synchronousStream.ts
 *
 * Commands without long computations run in the main thread: mainThreadCommand.ts.
 */
export function supervise(args: readonly string[]): void {
  const thread = new Worker(new URL("./commandThread.js", import.meta.url), {
    argv: [...args],
    env: SHARE_ENV,
    workerData: commandState,
    // Keeps Node from piping the thread's output through this thread.
    stdout: true,
    stderr: true,
  });
  let ending = false;
  thread.once("error", (error) => {
    writeError(`wasm-dqn: The command's thread failed: ${error.message}.\n`);
    exitProcess(1);
  });
  thread.once("exit", () => {
    const code = ending ? INTERRUPTED : exitCode();
    if (code === null) writeError("wasm-dqn: The environment ended the process.\n");
    exitProcess(code ?? 1);
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
      writeError(
        "\nStopping after the current update or episode. Press Ctrl-C again to end the process now.\n",
      );
    }, MESSAGE_MILLISECONDS).unref();
  }, end);
}
