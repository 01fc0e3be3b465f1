import { outputError, readerIsGone } from "./outputError.ts";
import { reportError, runProgram } from "./program.ts";

/** Runs a command in the main thread and sets the exit code. */
export async function runInMainThread(args: readonly string[]): Promise<void> {
  process.stdout.on("error", (error) => {
    process.exit(readerIsGone(error) ? 0 : reportError(outputError(error)));
  });
  // stderr is closed: there is nowhere to report this.
  process.stderr.on("error", () => undefined);
  process.on("uncaughtException", (error) => process.exit(reportError(error)));
  process.exitCode = await runProgram(args);
}
