import fc from "fast-check";
import { configKeys, parseConfig } from "../../src/config/config.ts";
import { recipeConfig } from "../../src/config/recipes.ts";
import { readAddress } from "../../src/web/state/address.ts";
import { property } from "./fuzz.ts";

const hashes = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.webQueryParameters(),
  fc
    .tuple(fc.constantFrom("recipe", "__proto__", ...configKeys), fc.string())
    .map(([key, value]) => `${key}=${value}`),
  fc
    .array(
      fc.tuple(
        fc.constantFrom(...configKeys),
        fc.constantFrom("0", "1", "none", "true", "-0", "1e999"),
      ),
    )
    .map((pairs) => new URLSearchParams(pairs).toString()),
);

property("reads or rejects arbitrary addresses of the page", 1000, hashes, (hash) => {
  const { changes, recipe } = readAddress(`#${hash}`).choice;
  parseConfig({ ...recipeConfig(recipe), ...changes });
});
