import { RunError } from "../errors.ts";
import { reason } from "../files/fileError.ts";

/** Whether the reader of a pipe has closed it, as head does, or the terminal is gone: neither is a failure. */
export function readerIsGone(error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && (error.code === "EPIPE" || error.code === "EIO")
  );
}

/** The sentence for a standard output that takes nothing more. */
export function outputError(error: unknown): RunError {
  return new RunError(`Could not write to the standard output: ${reason(error)}.`);
}
