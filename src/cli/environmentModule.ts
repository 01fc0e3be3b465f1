import { resolve } from "node:path";
import { customEnvironment, type EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { RunError, reasonOf } from "../errors.ts";
import { checkFile } from "../files/readFile.ts";

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
  let factory: unknown;
  try {
    const { createJiti } = await import("jiti");
    factory = await createJiti(import.meta.url).import(file, { default: true });
  } catch (error) {
    const [message] = reasonOf(error).trim().split("\n");
    throw new RunError(`The environment module ${path} could not be loaded: ${message}`);
  }
  if (typeof factory !== "function") {
    throw new RunError(
      `The environment module ${path} must export a function or class as its default that makes the environment, got ${typeof factory}.`,
    );
  }
  return customEnvironment(path, factory as EnvironmentFactory);
}

/** The module's environment where `env` is a path, undefined where it is an id. */
export async function environmentOf(env: string): Promise<EnvironmentSpec | undefined> {
  return isModulePath(env) ? loadEnvironment(env) : undefined;
}
