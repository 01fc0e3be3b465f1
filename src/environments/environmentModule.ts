import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import { placedReason, RunError } from "../errors.ts";
import { readBytes } from "../files/readFile.ts";
import { customEnvironment, type EnvironmentFactory } from "./customEnvironment.ts";
import type { EnvironmentIdentity, EnvironmentSpec } from "./environmentSpec.ts";

/** Whether `env` is the path of a module, and not the id of a built-in environment or game. */
export function isModulePath(env: string): boolean {
  if (env.startsWith("MinAtar/")) return false;
  return /[\\/]/.test(env) || /\.[cm]?[jt]s$/.test(env);
}

/**
 * Loads an environment from a module whose default export is a class or a function that makes it. Its id is the name of the class or
 * function, or else that of the file. jiti loads the module, because Node 20 cannot load TypeScript.
 * @throws RunError if the module cannot be loaded or exports no environment
 */
export async function loadEnvironment(path: string): Promise<EnvironmentSpec> {
  const bytes = readBytes(path, { what: "environment module", most: 2 ** 24 });
  let factory: unknown;
  try {
    factory = await Promise.race([importDefault(resolve(path)), nothingLeftToDo()]);
  } catch (error) {
    const [message] = placedReason(error).trim().split("\n");
    throw new RunError(`The environment module ${path} could not be loaded: ${message}`);
  }
  if (typeof factory !== "function") {
    throw new RunError(
      `The environment module ${path} must have a default export, a class or function that makes the environment (Snake, not new Snake()), got ${kindOf(factory)}.`,
    );
  }
  const { name } = factory;
  const anonymous = ["", "default", "_default"].includes(name);
  const id = anonymous ? basename(path).replace(/\.\w+$/, "") : name;
  const hash = createHash("sha256").update(bytes).digest("hex");
  return { ...customEnvironment(id, factory as EnvironmentFactory), hash };
}

/** Says what a default export is that is not a function. */
function kindOf(exported: unknown): string {
  if (exported === undefined) return "none";
  const name = typeof exported === "object" ? exported?.constructor?.name : undefined;
  return name === undefined || name === "Object" ? typeof exported : `an instance of ${name}`;
}

/** Returns the module's default export, or the function that a CommonJS module exports; undefined if there is neither. */
async function importDefault(file: string): Promise<unknown> {
  const { createJiti } = await import("jiti");
  // Without jiti's cache: its folder is shared by all users of a machine, so another user could place code there.
  const module: unknown = await createJiti(import.meta.url, { fsCache: false }).import(file);
  if (typeof module === "function") return module;
  // Without a default export, jiti returns the module itself as `default`.
  const exported = Object(module) as { readonly default?: unknown };
  return "default" in exported ? exported.default : undefined;
}

/** Rejects when the event loop is empty, because a pending top-level await can then never settle. */
function nothingLeftToDo(): Promise<never> {
  return new Promise((_resolve, reject) => {
    process.once("beforeExit", () => reject(new RunError("its top-level await never settles.")));
  });
}

/** Loads modules, by the names that sweeps use. @throws RunError see `loadEnvironment` */
export async function loadEnvironments(
  paths: readonly string[],
): Promise<Map<string, EnvironmentSpec>> {
  const loaded = await Promise.all(paths.map(loadEnvironment));
  return new Map(loaded.map((spec) => [versionedName(spec), spec]));
}

/** Name of an environment in sweeps: its id, and for a module 16 digits of its hash, such as Snake@0123456789abcdef. */
export function versionedName({ hash, id }: EnvironmentIdentity): string {
  return hash === undefined ? id : `${id}@${hash.slice(0, 16)}`;
}
