import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { environmentSpec } from "../environments/registry.ts";
import { UsageError } from "../errors.ts";
import { type Config, parseConfig, parsePartial } from "./config.ts";
import { recipeConfig } from "./recipes.ts";

/**
 * Returns a recipe's configuration with changes, for the built-in environment or for `own`. A recipe's threshold is that of its
 * environment. For another one, or for `own` in a recipe without criterion, it is `rewardThreshold`. Without one, the run has no
 * criterion, unless the changes set it.
 * @throws UsageError for a value out of range, an unknown recipe, or a threshold or criterion without the other
 */
export function chosenConfig(
  recipe: string = "solve",
  changes: object = {},
  own?: Pick<EnvironmentSpec, "id" | "rewardThreshold">,
): Config {
  const { solvedBy, solvedThreshold }: Partial<Config> = parsePartial(changes, "");
  const preset = recipeConfig(recipe);
  const config = { ...preset, ...changes };
  const keepsThreshold = own
    ? own.id === preset.env && preset.solvedBy !== "none"
    : config.env === preset.env;
  const other = keepsThreshold ? null : (own ?? environmentSpec(config.env));
  if (solvedThreshold === undefined && other) {
    const { id, rewardThreshold } = other;
    if (rewardThreshold !== null) config.solvedThreshold = rewardThreshold;
    else if (solvedBy === undefined) config.solvedBy = "none";
    else if (solvedBy !== "none") {
      throw new UsageError(`solvedBy needs solvedThreshold: ${id} has no rewardThreshold.`);
    }
  }
  if (solvedThreshold !== undefined && solvedBy === undefined && config.solvedBy === "none") {
    throw new UsageError("solvedThreshold needs solvedBy, such as evaluation.");
  }
  return parseConfig(own ? { ...config, env: own.id } : config);
}
