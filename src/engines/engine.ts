import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Hear } from "./listen.ts";

/** An engine that is not on this machine; the message says how to get it. */
export class Absent extends Error {
  override readonly name = "Absent";
}

/** The program and the folder in which it runs. */
export interface Ground {
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
  /** Path of the executable. @throws Absent if there is none */
  locate(): Promise<string>;
  /** Version of the engine; "version unknown" if it does not say. */
  version(executable: string): string;
  /** Runs the program and calls `hear` with each finished run. @throws RunError if the program does not finish */
  run(executable: string, ground: Ground, hear: Hear): Promise<void>;
}

/** Output of a command; empty if it cannot run. */
export function printed(command: string, args: readonly string[]): string {
  try {
    const stdio = ["ignore", "pipe", "ignore"] as const;
    return execFileSync(command, args, { encoding: "utf8", stdio: [...stdio], timeout: 30_000 });
  } catch {
    return "";
  }
}

/** The version number in the output of `--version`. */
export function askedVersion(executable: string): string {
  return /\d+(\.\d+)+\w*/.exec(printed(executable, ["--version"]))?.[0] ?? "version unknown";
}

/**
 * Finds an executable: first the one that an environment variable names, then these names on the PATH, then these paths.
 * @throws Absent if there is none
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
    throw new Absent(`${variable} names ${named}, which does not exist`);
  }
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const found = [...places, ...paths].find((path) => existsSync(path));
  if (found === undefined) throw new Absent(`not installed: ${hint}, or name it in ${variable}`);
  return found;
}
