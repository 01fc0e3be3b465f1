import { type ParseArgsConfig, parseArgs } from "node:util";
import { reasonOf, UsageError } from "../errors.ts";

function end(error: unknown): never {
  console.error(reasonOf(error));
  process.exit(error instanceof UsageError ? 2 : 1);
}

/**
 * The flags of a benchmark's command line. From here on whatever goes wrong ends the process with a sentence: exit code 2 for a
 * mistake in what was asked, 1 for anything else.
 */
export function readFlags<const Options extends NonNullable<ParseArgsConfig["options"]>>(
  options: Options,
): ReturnType<typeof parseArgs<{ options: Options }>>["values"] {
  process.on("uncaughtException", end);
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return end(new UsageError(reasonOf(error)));
  }
}
