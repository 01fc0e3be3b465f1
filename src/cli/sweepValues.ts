import { type ConfigKey, configKeys, kindOf } from "../config/config.ts";
import { readText } from "../config/configText.ts";
import { environmentIds } from "../environments/registry.ts";
import { UsageError } from "../errors.ts";
import { gameIds } from "../games/builtInGames.ts";
import { isRange, type ValueRange, type Values } from "../sweep/valueRange.ts";
import { readValues } from "./configFlags.ts";

/** Parses a range such as 1e-4..1e-2; null for anything else. @throws UsageError unless it ascends */
function readRange(key: ConfigKey, text: string): ValueRange | null {
  const [, first = "", last = ""] = /^([^,]+?)\.\.([^,]+)$/.exec(text) ?? [];
  if (first === "" || kindOf(key).kind !== "number") return null;
  const [from, to] = [readText(key, first), readText(key, last)];
  if (typeof from === "number" && typeof to === "number" && from < to) return { from, to };
  throw new UsageError(
    `--set ${key} must be a range from a smaller to a larger number, such as 1e-4..1e-2, got "${text}".`,
  );
}

/** Parses --set. @throws UsageError for an unknown hyperparameter, one that is given twice, or an invalid value */
export function readSet(settings: readonly string[]): Record<string, Values> {
  const values: Record<string, Values> = {};
  for (const setting of settings) {
    const [, name = "", text = ""] = /^(\w+)=(.+)$/.exec(setting) ?? [];
    const key = configKeys.find((candidate) => candidate === name);
    if (key === undefined || key === "seed") {
      throw new UsageError(
        `--set must be a hyperparameter and its values, such as gamma=0.98,0.99, got "${setting}".`,
      );
    }
    if (Object.hasOwn(values, key)) {
      throw new UsageError(
        `--set ${key} is given twice. List all of its values once, as in ${key}=a,b.`,
      );
    }
    values[key] = readRange(key, text) ?? readValues(key, text);
  }
  const { env = [] } = values;
  if (!isRange(env)) refuseUnknownEnvironments(env);
  return values;
}

/** @throws UsageError for an environment that is neither built in nor a game */
function refuseUnknownEnvironments(envs: readonly unknown[]): void {
  const ids: readonly unknown[] = [...environmentIds, ...gameIds];
  const unknown = envs.find((env) => !ids.includes(env));
  if (unknown === undefined) return;
  const known = ids.join(", ");
  throw new UsageError(
    `--set env must be one of ${known} (--env takes a module), got "${unknown}".`,
  );
}
