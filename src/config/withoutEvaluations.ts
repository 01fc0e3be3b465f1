import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { refuseUnless } from "../errors.ts";
import { chosenConfig } from "./chosenConfig.ts";
import type { Config, ConfigChanges } from "./config.ts";

const where = "in a game that the library cannot play on its own";

const fixed = { numEnvs: 1, evalEvery: null, greedyEpisodes: 0 } as const;

/**
 * Returns `chosenConfig` without evaluations, for a game that only its owner can step.
 * @throws UsageError as `chosenConfig` does, or for a value that needs evaluations or copies of the game
 */
export function withoutEvaluations(
  recipe: string | undefined,
  changes: ConfigChanges,
  own: Pick<EnvironmentSpec, "id" | "rewardThreshold">,
): Config {
  const config = chosenConfig(recipe, changes, own);
  for (const [key, value] of Object.entries(fixed)) {
    const { [key as keyof typeof fixed]: given = value } = changes;
    refuseUnless(given === value, key, `${value} ${where}`, given);
  }
  const { solvedBy } = config;
  const criteria = `runningScore, meanReturn or none ${where}`;
  refuseUnless(solvedBy !== "evaluation", "solvedBy", criteria, solvedBy);
  return { ...config, ...fixed };
}
