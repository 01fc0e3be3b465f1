import { type ParseArgsConfig, parseArgs } from "node:util";
import { reasonOf, UsageError } from "../errors.ts";

function end(error: unknown): never {
  console.error(reasonOf(error));
  process.exit(error instanceof UsageError ? 2 : 1);
}

/**
 * Reads the flags of a benchmark. From this call on, an error ends the process with one sentence: exit code 2 for a usage
 * error, 1 for any other.
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
