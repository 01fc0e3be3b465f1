// The thread of a command that computes for long or runs the code of a user's environment.
import { activity } from "./activity.ts";
import { outputError, readerIsGone } from "./outputError.ts";
import { reportError, runProgram } from "./program.ts";
import { exitCode, isStoppable, requestStop, setExitCode } from "./sharedWords.ts";
import { ThreadStream } from "./threadStream.ts";

/** Ends the thread, and with it the process. */
function end(code: number): never {
  setExitCode(code);
  process.exit();
}

const output = new ThreadStream(1);
const errors = new ThreadStream(2);
Object.defineProperty(process, "stdout", { value: output, configurable: true, enumerable: true });
Object.defineProperty(process, "stderr", { value: errors, configurable: true, enumerable: true });

let failure: unknown = null;
output.on("error", (error) => {
  failure = error;
  // A run stops as at Ctrl-C, with a checkpoint.
  if (isStoppable()) requestStop();
  else endWithoutOutput();
});
// stderr is closed: there is nowhere to report this.
errors.on("error", () => undefined);

function endWithoutOutput(): never {
  end(readerIsGone(failure) ? 0 : reportError(outputError(failure)));
}

// An environment may throw after its step has returned.
process.on("uncaughtException", (error) => end(reportError(error)));
process.on("exit", () => {
  if (exitCode() !== null) return;
  process.stderr.write(`wasm-dqn: The environment ended the process${activity()}.\n`);
  setExitCode(1);
});

const code = await runProgram(process.argv.slice(2));
if (failure !== null) endWithoutOutput();
end(code);
