import { resolve } from "node:path";
import { customEnvironment, type EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { RunError, reasonOf } from "../errors.ts";
import { checkFile } from "../files/readFile.ts";
import { setExitContext } from "./exitContext.ts";

/** Whether `env` is the path of a module, and not the id of a built-in environment. */
export function isModulePath(env: string): boolean {
  return /[\\/]/.test(env) || /\.[cm]?[jt]s$/.test(env);
}

/**
 * Loads an environment from a module whose default export is a function or a class that creates it. jiti loads the module,
 * because Node 20 cannot load TypeScript.
 * @throws RunError if the module cannot be loaded or exports no environment
 */
export async function loadEnvironment(path: string): Promise<EnvironmentSpec> {
  checkFile(path, { what: "environment module", most: 2 ** 24 });
  const file = resolve(path);
  setExitContext(() => ` while its module ${path} was loading`);
  let factory: unknown;
  try {
    factory = await Promise.race([importDefault(file), nothingLeftToDo()]);
  } catch (error) {
    const [message] = reasonOf(error).trim().split("\n");
    throw new RunError(`The environment module ${path} could not be loaded: ${message}`);
  }
  if (typeof factory !== "function") {
    throw new RunError(
      `The environment module ${path} must have a default export, a function or class that creates the environment, got ${typeof factory}.`,
    );
  }
  const environment = customEnvironment(path, factory as EnvironmentFactory);
  setExitContext(() => "");
  return environment;
}

async function importDefault(file: string): Promise<unknown> {
  const { createJiti } = await import("jiti");
  // Without jiti's cache: its folder is shared by all users of a machine, so another user could place code there.
  return createJiti(import.meta.url, { fsCache: false }).import(file, { default: true });
}

/** Rejects when the event loop is empty, because a pending top-level await can then never settle. */
function nothingLeftToDo(): Promise<never> {
  return new Promise((_resolve, reject) => {
    process.once("beforeExit", () => reject(new Error("its top-level await never settles.")));
  });
}

/** Loads the environment if `env` is the path of a module; returns undefined if it is an id. */
export async function environmentOf(env: string): Promise<EnvironmentSpec | undefined> {
  return isModulePath(env) ? loadEnvironment(env) : undefined;
}
