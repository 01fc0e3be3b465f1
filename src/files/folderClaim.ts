import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { RunError } from "../errors.ts";
import { attempt } from "./fileError.ts";
import { saveFile } from "./saveFile.ts";

/** What tells a process from every other. A part that a system does not tell is empty. */
interface Claim {
  readonly pid: number;
  /** When the process began, in ticks since the machine did: its number may be another's later. */
  readonly start: string;
  readonly host: string;
  /** The machine's boot, and the container, in which the number means this process. */
  readonly boot: string;
  readonly container: string;
}

const claimName = /^running\.\d+\.\d*\.json$/;

function read(action: () => string): string {
  try {
    return action().trim();
  } catch {
    return "";
  }
}

/** The state and start of a process as Linux tells them; null where it tells nothing. */
function lookUp(pid: number): { readonly state: string; readonly start: string } | null {
  const stat = read(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The command's name, in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.length < 20 ? null : { state: fields[0]!, start: fields[19]! };
}

function ownClaim(): Claim {
  return {
    pid: process.pid,
    start: lookUp(process.pid)?.start ?? "",
    host: hostname(),
    boot: read(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8")),
    container: read(() => readlinkSync("/proc/self/ns/pid")),
  };
}

function isAlive({ pid, start }: Claim): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    const hidden = error instanceof Error && "code" in error && error.code === "EPERM";
    if (!hidden) return false;
  }
  const found = lookUp(pid);
  return found === null || (found.start === start && found.state !== "Z");
}

/** Whether a claim's process is known to have ended. */
function hasEnded(claim: Claim, own: Claim): boolean {
  if (claim.boot !== own.boot) return claim.host === own.host;
  if (own.boot === "" && claim.host !== own.host) return false;
  return claim.container === own.container && !isAlive(claim);
}

function readClaim(path: string): Claim | null {
  try {
    const claim = JSON.parse(readFileSync(path, "utf8")) as Claim;
    const words = [claim.start, claim.host, claim.boot, claim.container];
    const whole = Number.isInteger(claim.pid) && words.every((word) => typeof word === "string");
    return whole ? claim : null;
  } catch {
    return null;
  }
}

/**
 * Makes a folder this process's until it ends. Each process that wants it leaves a file of a name that no other ever has, and then
 * looks for others: of two, the one that looks later sees the other, so never do both go on. The file of a process that
 * was killed is taken away by the next, which no third can mistake for its own.
 * @throws RunError if the folder is another's, or cannot be written
 */
export function claimFolder(folder: string): void {
  const own = ownClaim();
  const ownName = `running.${own.pid}.${own.start}.json`;
  saveFile(join(folder, ownName), `${JSON.stringify(own)}\n`);
  process.once("exit", () => release(join(folder, ownName)));
  for (const name of attempt("read", folder, () => readdirSync(folder))) {
    if (name === ownName || !claimName.test(name)) continue;
    const path = join(folder, name);
    const claim = readClaim(path);
    // It ended in the meantime.
    if (claim === null && !existsSync(path)) continue;
    if (claim !== null && hasEnded(claim, own)) release(path);
    else {
      release(join(folder, ownName));
      throw new RunError(`${folder} is in use by ${describe(claim, own, path)}`);
    }
  }
}

function describe(claim: Claim | null, own: Claim, path: string): string {
  const unknown = `If that has ended, delete ${path}.`;
  if (claim === null) return `another process. ${unknown}`;
  const here = claim.boot === own.boot && claim.container === own.container;
  return here ? `process ${claim.pid}.` : `process ${claim.pid} on ${claim.host}. ${unknown}`;
}

function release(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // In a folder that has become read-only it stays, and is known for an ended process's.
  }
}
