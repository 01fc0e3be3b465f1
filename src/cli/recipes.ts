import type { Command } from "commander";
import { recipeHelp } from "../config/help.ts";
import { findRecipe, recipeConfig, recipes } from "../config/recipes.ts";

export function addRecipesCommand(program: Command): void {
  program
    .command("recipes")
    .description("list the recipes, or print the values of one as JSON for --config")
    .argument("[name]", "recipe to print")
    .option("--json", "print the list as JSON")
    .helpOption("-h, --help", "show this help")
    .action((name: string | undefined, flags: { readonly json?: true }) => {
      process.stdout.write(`${name === undefined ? list(flags.json === true) : whole(name)}\n`);
    });
}

function list(json: boolean): string {
  if (json) {
    return JSON.stringify(recipes.map(({ name }) => ({ name, ...recipeHelp[name] })));
  }
  return recipes
    .map(({ name }) => {
      const { description, source } = recipeHelp[name]!;
      return `${name}\n  ${description}\n  From: ${source}.`;
    })
    .join("\n\n");
}

function whole(name: string): string {
  return JSON.stringify({ recipe: findRecipe(name).name, ...recipeConfig(name) }, null, 2);
}
