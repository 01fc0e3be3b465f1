import { UsageError } from "../errors.ts";
import type { Config } from "./config.ts";

const changeable = ["totalSteps", "totalEpisodes", "backend"] as const;

/** Changes of the configuration that a resumed run allows. */
export type ResumeChanges = Partial<Pick<Config, (typeof changeable)[number]>>;

/** @throws UsageError if a resumed run cannot change one of the keys */
export function refuseFixed(keys: readonly string[]): void {
  const fixed = keys.find((key) => !(changeable as readonly string[]).includes(key));
  if (fixed !== undefined) {
    throw new UsageError(
      `${fixed} cannot change in a resumed run, only ${changeable.join(", ")} can.`,
    );
  }
}
