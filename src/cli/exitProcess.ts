import { isatty } from "node:tty";

/** Standard streams that are terminals at the start. */
const terminals = [0, 1, 2].filter(isatty);

/** Ends the process. Node aborts at exit if its terminal is closed, so SIGHUP ends it then. */
export function exitProcess(code: number): void {
  if (!terminals.every(isatty)) {
    process.removeAllListeners("SIGHUP");
    process.kill(process.pid, "SIGHUP");
  }
  process.exit(code);
}
