import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { refuseUnless } from "../errors.ts";
import { chosenConfig } from "./chosenConfig.ts";
import type { Config, ConfigChanges } from "./config.ts";

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
  const chosen = chosenConfig(recipe, changes, own);
  const { algorithm } = chosen;
  const isDqn = algorithm === "dqn";
  refuseUnless(isDqn, "algorithm", "dqn in a game that the library cannot play", algorithm);
  const config = { ...chosen, ...fixed };
  const given = { ...config, ...changes };
  for (const key of ["numEnvs", "evalEvery", "greedyEpisodes"] as const) {
    const expected = `${fixed[key]} in a game that the library cannot play`;
    refuseUnless(given[key] === fixed[key], key, expected, given[key]);
  }
  const { solvedBy } = config;
  refuseUnless(solvedBy !== "evaluation", "solvedBy", "meanReturn, runningScore or none", solvedBy);
  return config;
}
