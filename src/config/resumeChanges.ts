import { UsageError } from "../errors.ts";
import type { Config } from "./config.ts";

const changeable = ["totalSteps", "totalEpisodes", "backend"] as const;

/** What may be different when a run goes on: how far it goes, and which kernels do the work. */
export type ResumeChanges = Partial<Pick<Config, (typeof changeable)[number]>>;

/** @throws UsageError if one of the keys is none that may be different when a run goes on */
export function refuseFixed(keys: readonly string[]): void {
  const fixed = keys.find((key) => !(changeable as readonly string[]).includes(key));
  if (fixed !== undefined) {
    throw new UsageError(
      `${fixed} cannot change when a run goes on, only ${changeable.join(", ")} can.`,
    );
  }
}
