import { changesFromFlags } from "../../src/cli/configFlags.ts";
import { chosenConfig } from "../../src/config/chosenConfig.ts";
import type { Config } from "../../src/config/config.ts";

/** Returns the configuration of a command line in a built-in environment. */
export function configOfFlags(...given: Parameters<typeof changesFromFlags>): Config {
  const { changes, recipe } = changesFromFlags(...given);
  return chosenConfig(recipe, changes);
}
