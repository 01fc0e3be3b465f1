import { resolve } from "node:path";
import { customEnvironment, type EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { RunError, reasonOf } from "../errors.ts";
import { checkFile } from "../files/readFile.ts";
import { setActivity } from "./activity.ts";

/** Whether `env` is the path of a module and not the id of a built-in environment. */
export function isModulePath(env: string): boolean {
  return /[\\/]/.test(env) || /\.[cm]?[jt]s$/.test(env);
}

/**
 * Loads an environment from a module whose default export makes it: a function or a class. TypeScript is loaded by jiti, which
 * Vite's and Nuxt's tools load their configuration with; Node 20 itself has nothing for it.
 * @throws RunError if there is no such module, or it holds no environment
 */
export async function loadEnvironment(path: string): Promise<EnvironmentSpec> {
  checkFile(path, { what: "environment module", most: 2 ** 24 });
  const file = resolve(path);
  setActivity(() => ` while its module ${path} was loaded`);
  let factory: unknown;
  try {
    factory = await Promise.race([importDefault(file), nothingLeftToDo()]);
  } catch (error) {
    const [message] = reasonOf(error).trim().split("\n");
    throw new RunError(`The environment module ${path} could not be loaded: ${message}`);
  }
  if (typeof factory !== "function") {
    throw new RunError(
      `The environment module ${path} must export a function or class as its default that makes the environment, got ${typeof factory}.`,
    );
  }
  const environment = customEnvironment(path, factory as EnvironmentFactory);
  setActivity(() => "");
  return environment;
}

async function importDefault(file: string): Promise<unknown> {
  const { createJiti } = await import("jiti");
  // jiti's cache lies in a folder that all users of a machine share: its files could be somebody else's code.
  return createJiti(import.meta.url, { fsCache: false }).import(file, { default: true });
}

/** Rejects once the event loop is empty: what is awaited then never comes. */
function nothingLeftToDo(): Promise<never> {
  return new Promise((_resolve, reject) => {
    process.once("beforeExit", () => reject(new Error("its top-level await never settles.")));
  });
}

/** The module's environment where `env` is a path, undefined where it is an id. */
export async function environmentOf(env: string): Promise<EnvironmentSpec | undefined> {
  return isModulePath(env) ? loadEnvironment(env) : undefined;
}
