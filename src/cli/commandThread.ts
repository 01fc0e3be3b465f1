// Entry of the thread that runs a command which computes for long, or runs a user's environment. See supervisor.ts.

import { placedReason, RunError } from "../errors.ts";
import { exitCode, isStoppable, requestStop, setExitCode } from "./commandState.ts";
import { exitContext } from "./exitContext.ts";
import { outputError, readerIsGone } from "./outputError.ts";
import { reportError, runProgram } from "./program.ts";
import { SynchronousStream } from "./synchronousStream.ts";

/** Ends the thread, and with it the process. */
function end(code: number): never {
  setExitCode(code);
  process.exit();
}

const output = new SynchronousStream(1);
const errors = new SynchronousStream(2);
Object.defineProperty(process, "stdout", { value: output, configurable: true, enumerable: true });
Object.defineProperty(process, "stderr", { value: errors, configurable: true, enumerable: true });

let failure: unknown = null;
output.on("error", (error) => {
  failure = error;
  // Like Ctrl-C: saves a checkpoint and stops.
  if (isStoppable()) requestStop();
  else endWithoutOutput();
});
// stderr is closed: there is nowhere to report this.
errors.on("error", () => undefined);

function endWithoutOutput(): never {
  end(readerIsGone(failure) ? 0 : reportError(outputError(failure)));
}

// An environment may throw later, in a timer or a promise.
process.on("uncaughtException", (error) => end(reportError(new RunError(placedReason(error)))));
process.on("exit", () => {
  if (exitCode() !== null) return;
  process.stderr.write(`wasm-dqn: The environment ended the process${exitContext()}.\n`);
  setExitCode(1);
});

const code = await runProgram(process.argv.slice(2));
if (failure !== null) endWithoutOutput();
end(code);
