#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { RunError, reasonOf, UsageError } from "../errors.ts";
import { reason } from "../files/fileError.ts";
import { packageVersion } from "../runs/packageVersion.ts";
import { addBenchCommand } from "./bench.ts";
import { addEvaluateCommand } from "./evaluate.ts";
import { addExportCommand } from "./export.ts";
import { addPlayCommand } from "./play.ts";
import { addPlotCommand } from "./plot.ts";
import { addRandomCommand } from "./random.ts";
import { addRecipesCommand } from "./recipes.ts";
import { addSweepCommand } from "./sweep.ts";
import { addTrainCommand } from "./train.ts";
import { addWorkerCommand } from "./worker.ts";

const program = new Command("wasm-dqn")
  .description("Deep Q-learning with a WebAssembly SIMD core.")
  .version(packageVersion(), "-V, --version", "show the version")
  .helpOption("-h, --help", "show this help");

addTrainCommand(program);
addEvaluateCommand(program);
addRandomCommand(program);
addPlayCommand(program);
addPlotCommand(program);
addExportCommand(program);
addRecipesCommand(program);
addSweepCommand(program);
addWorkerCommand(program);
addBenchCommand(program);
for (const command of [program, ...program.commands]) {
  command.exitOverride().configureOutput({
    outputError: (text, write) =>
      write(
        `wasm-dqn: ${text
          .replace(/^error: /, "")
          .trim()
          .replaceAll("\n", " ")}\n`,
      ),
  });
}

// A reader that closes the pipe early, such as head, is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw new RunError(`Could not write to the standard output: ${reason(error)}.`);
});
// Nobody can be told, and the work itself goes on.
process.stderr.on("error", () => undefined);
// Such as what an environment throws after its step has returned.
process.on("uncaughtException", (error) => process.exit(exitCodeOf(error)));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** Prints what went wrong in a sentence. 2 for what was asked wrongly, 1 for what went wrong. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { message } = error instanceof UsageError ? error : new RunError(reasonOf(error));
  process.stderr.write(`wasm-dqn: ${message}\n`);
  return error instanceof UsageError ? 2 : 1;
}
