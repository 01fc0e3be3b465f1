import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Hear } from "./listen.ts";

/** An engine that is not on this machine; the message says how to get it. */
export class Absent extends Error {
  override readonly name = "Absent";
}

/** The program, and where it is run. */
export interface Ground {
  readonly program: string;
  /** An empty folder for this run alone, whose files are gone afterwards. */
  readonly folder: string;
  /** Silence after which an engine is given up. */
  readonly seconds: number;
}

/** A JavaScript engine outside this process. */
export interface Engine {
  /** As `--engines` names it. */
  readonly id: string;
  readonly name: string;
  /** The path of its executable. @throws Absent if there is none */
  locate(): Promise<string>;
  /** What it says of its version; "version unknown" if nothing. */
  version(executable: string): string;
  /** Runs the program; `hear` is told of each finished run. @throws RunError if the program does not come to its end */
  run(executable: string, ground: Ground, hear: Hear): Promise<void>;
}

/** What a command prints; empty if it cannot be run. */
export function printed(command: string, args: readonly string[]): string {
  try {
    const stdio = ["ignore", "pipe", "ignore"] as const;
    return execFileSync(command, args, { encoding: "utf8", stdio: [...stdio], timeout: 30_000 });
  } catch {
    return "";
  }
}

/** The version in what an executable prints when asked for it. */
export function askedVersion(executable: string): string {
  return /\d+(\.\d+)+\w*/.exec(printed(executable, ["--version"]))?.[0] ?? "version unknown";
}

/**
 * The first executable there is: the one that an environment variable names, one of these names on the PATH, one of these
 * paths.
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
    throw new Absent(`${variable} names ${named}, which is not there`);
  }
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const found = [...places, ...paths].find((path) => existsSync(path));
  if (found === undefined) throw new Absent(`not installed: ${hint}, or name it in ${variable}`);
  return found;
}
