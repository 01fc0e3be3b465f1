import type { Config } from "../config/config.ts";
import { type RecipeName, recipeConfig } from "../config/recipes.ts";

/** Returns a recipe's configuration for fewer or more steps, with its schedules shortened or stretched. */
export function shortenedRecipe(name: RecipeName, totalSteps: number, seed: number): Config {
  const recipe = recipeConfig(name);
  const scale = totalSteps / (recipe.totalSteps ?? totalSteps);
  return {
    ...recipe,
    ...{ seed, totalSteps },
    learningRateSteps: Math.ceil(scale * recipe.learningRateSteps),
    explorationSteps: Math.ceil(scale * recipe.explorationSteps),
  };
}
