import { UsageError } from "../errors.ts";
import type { Config } from "./config.ts";

const changeable = ["totalSteps", "totalEpisodes", "backend"] as const;

/** Changes of the configuration that a resumed run allows. */
export type ResumeChanges = Partial<Pick<Config, (typeof changeable)[number]>>;

/** @throws UsageError if one of the keys cannot change: in a resumed run, or in another state with other `allowed` keys */
export function refuseFixed(
  keys: readonly string[],
  allowed: readonly string[] = changeable,
  state = "resumed run",
): void {
  const fixed = keys.find((key) => !allowed.includes(key));
  if (fixed !== undefined) {
    throw new UsageError(`${fixed} cannot change in a ${state}, only ${allowed.join(", ")} can.`);
  }
}
