import type { Config, ConfigKey } from "./config.ts";
import { refuseFixed } from "./resumeChanges.ts";

const changeable = [
  "learningRate",
  "learningRateFinal",
  "gamma",
  "explorationInitialEps",
  "explorationFinalEps",
  "targetUpdateInterval",
] as const satisfies readonly ConfigKey[];

/** Changes of the configuration that a training allows between two steps. */
export type LiveChanges = Partial<Pick<Config, (typeof changeable)[number]>>;

/** @throws UsageError if a training cannot change one of the keys */
export function refuseNotLive(keys: readonly string[]): void {
  refuseFixed(keys, changeable, "training that has begun");
}
