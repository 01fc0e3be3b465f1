import { RunError } from "../errors.ts";
import { reason } from "../files/fileError.ts";

/** Whether the reader closed the pipe, as `head` does, or the terminal was closed. Neither is a failure. */
export function readerIsGone(error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && (error.code === "EPIPE" || error.code === "EIO")
  );
}

/** Error for a standard output that cannot be written, for example on a full disk. */
export function outputError(error: unknown): RunError {
  return new RunError(`Could not write to the standard output: ${reason(error)}.`);
}
