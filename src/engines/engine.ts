import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { OnRun } from "./listen.ts";

/** An engine that is not installed on this machine. The message says how to install it. */
export class NotInstalled extends Error {
  override readonly name = "NotInstalled";
}

/** The program to run, and its conditions. */
export interface ProgramRun {
  readonly program: string;
  /** Empty folder for this run; it is deleted afterwards. */
  readonly folder: string;
  /** Seconds without output after which an engine is killed. */
  readonly seconds: number;
}

/** A JavaScript engine outside this process. */
export interface Engine {
  /** Name of the engine in `--engines`. */
  readonly id: string;
  readonly name: string;
  /** Path of the executable. @throws NotInstalled if there is none */
  locate(): Promise<string>;
  /** Version of the engine; "version unknown" if it does not say. */
  version(executable: string): string;
  /** Runs the program and calls `onRun` with each finished run. @throws RunError if the program does not finish */
  run(executable: string, run: ProgramRun, onRun: OnRun): Promise<void>;
}

/** Output of a command; empty if it cannot run. */
export function outputOf(command: string, args: readonly string[]): string {
  try {
    const stdio = ["ignore", "pipe", "ignore"] as const;
    return execFileSync(command, args, { encoding: "utf8", stdio: [...stdio], timeout: 30_000 });
  } catch {
    return "";
  }
}

/** The version number in the output of `--version`. */
export function printedVersion(executable: string): string {
  return /\d+(\.\d+)+\w*/.exec(outputOf(executable, ["--version"]))?.[0] ?? "version unknown";
}

/**
 * Finds an executable: first the one that an environment variable names, then these names on the PATH, then these paths.
 * @throws NotInstalled if there is none
 */
export function findExecutable(
  variable: string,
  names: readonly string[],
  paths: readonly string[],
  hint: string,
): string {
  const named = process.env[variable];
  if (named) {
    if (existsSync(named)) return named;
    throw new NotInstalled(`${variable} names ${named}, which does not exist`);
  }
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const found = [...places, ...paths].find((path) => existsSync(path));
  if (found === undefined)
    throw new NotInstalled(`not installed: ${hint}, or name it in ${variable}`);
  return found;
}
