import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { codeOf } from "./fileError.ts";

/** Identifies a process on any machine. A part that the system does not provide is empty. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start of the process in clock ticks since boot, since process numbers are reused. */
  readonly start: string;
  readonly host: string;
  /** Boot of the machine and container in which `pid` is valid. */
  readonly boot: string;
  readonly container: string;
}

function read(action: () => string): string {
  try {
    return action().trim();
  } catch {
    return "";
  }
}

/** State and start of a process as Linux reports them; null on other systems. */
function lookUp(pid: number): { readonly state: string; readonly start: string } | null {
  const stat = read(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The command's name, in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.length < 20 ? null : { state: fields[0]!, start: fields[19]! };
}

/** The current process. */
export const thisProcess: ProcessIdentity = {
  pid: process.pid,
  start: lookUp(process.pid)?.start ?? "",
  host: hostname(),
  boot: read(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8")),
  container: read(() => readlinkSync("/proc/self/ns/pid")),
};

function isAlive({ pid, start }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user is alive.
    if (codeOf(error) !== "EPERM") return false;
  }
  const found = lookUp(pid);
  return found === null || (found.start === start && found.state !== "Z");
}

/** Whether a process has certainly ended. False for processes of other machines and containers, whose state is unknown. */
export function hasEnded(other: ProcessIdentity, own: ProcessIdentity = thisProcess): boolean {
  if (other.boot !== own.boot) return other.host === own.host;
  if (own.boot === "" && other.host !== own.host) return false;
  return other.container === own.container && !isAlive(other);
}
