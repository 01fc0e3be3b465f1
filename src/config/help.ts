import type { ConfigKey } from "./config.ts";
import * as table from "./parameters.ts";
import { parameters } from "./parameters.ts";
import { recipeTable } from "./recipeTable.ts";

/** Hyperparameters in the groups of the command line's help and of the page. */
export const parameterGroups = {
  Run: table.run,
  Environment: table.environment,
  Network: table.network,
  Optimizer: table.optimizer,
  Learning: table.learning,
  Rollouts: table.rollouts,
  Replay: table.replay,
  "Target network": table.targetNetwork,
  Exploration: table.exploration,
  "Self-play": table.selfPlay,
  Rewards: table.rewards,
  "Stopping and evaluation": table.stopping,
  Logging: table.logging,
} as const;

/** One sentence on each hyperparameter. People write `none` for null, on the command line and on the page. */
export const parameterHelp = Object.fromEntries(
  Object.entries(parameters).map(([key, { help }]) => [key, help.replace(/\bnull\b/, "none")]),
) as Readonly<Record<ConfigKey, string>>;

/** Description and source of each recipe. */
export const recipeHelp: Readonly<
  Record<string, { readonly description: string; readonly source: string }>
> = Object.fromEntries(
  recipeTable.map(({ description, name, source }) => [name, { description, source }]),
);
