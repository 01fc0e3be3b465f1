import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ConfigKey, configKeys, kindOf } from "../../src/config/config.ts";
import { recipeConfig, recipes } from "../../src/config/recipes.ts";
import { readAddress, writeAddress } from "../../src/web/state/address.ts";
import { groups } from "../../src/web/views/parameterFields.ts";

/** Generates valid values of a hyperparameter. */
function anyValue(key: ConfigKey): fc.Arbitrary<unknown> {
  const kind = kindOf(key);
  const number = (bounds: {
    whole?: true;
    min?: number;
    max?: number;
    above?: number;
    below?: number;
  }) => {
    const { above = -1e6, below = 1e6, max = below, min = above, whole } = bounds;
    if (whole) return fc.integer({ min, max: Math.min(max, 2 ** 31 - 1) });
    // In text -0 and 0 are the same.
    return fc
      .double({
        min,
        max,
        noNaN: true,
        minExcluded: min === above,
        maxExcluded: max === below,
      })
      .map((value) => value + 0);
  };
  const value = {
    number: () => number(kind.kind === "number" ? kind : {}),
    list: () => fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 5 }),
    boolean: () => fc.boolean(),
    text: () => fc.string(),
    choice: () => fc.constantFrom(...(kind.kind === "choice" ? kind.options : [])),
  }[kind.kind]() as fc.Arbitrary<unknown>;
  return kind.nullable ? fc.option(value) : value;
}

const choices = fc.constantFrom(...recipes.map(({ name }) => name)).chain((recipe) =>
  fc
    .uniqueArray(fc.constantFrom(...configKeys))
    .chain((keys) => fc.record(Object.fromEntries(keys.map((key) => [key, anyValue(key)]))))
    .map((changes) => ({ recipe, changes })),
);

describe("the page's address", () => {
  it("restores every choice that is written to it", () => {
    fc.assert(
      fc.property(choices, ({ changes, recipe }) => {
        const read = readAddress(writeAddress({ changes, recipe }));
        expect(read.problems).toEqual([]);
        expect(read.choice.recipe).toBe(recipe);
        expect({ ...recipeConfig(recipe), ...read.choice.changes }).toEqual({
          ...recipeConfig(recipe),
          ...changes,
        });
      }),
      { numRuns: 500 },
    );
  });
});

it("the form has every hyperparameter once, except those for files and for the page itself", () => {
  const shown = groups.flatMap(({ keys }) => keys);
  const elsewhere = ["env", "seed", "saveLongest", "logInterval", "tensorboard", "logFirst"];
  expect([...shown, ...elsewhere].sort()).toEqual([...configKeys].sort());
});
