import { expect, it } from "vitest";
import { recipes } from "../../src/config/recipes.ts";
import { tabs } from "../../src/web/tabs.ts";

it("every recipe is a preset, once in its tab", () => {
  const offered = tabs.map(({ presets }) => presets.map(({ recipe }) => recipe));
  for (const own of offered) expect(new Set(own).size).toBe(own.length);
  const names = recipes.map(({ name }) => name);
  expect(names.filter((name) => !offered.flat().includes(name))).toEqual([]);
});

it("Snake's ending counts the fruits: a death costs one point, a full board none", () => {
  const { ending } = tabs.find(({ env }) => env === "Snake")!;
  const text = (total: number, terminated = true) => ending({ steps: 90, total, terminated });
  expect(text(-1)).toBe("0 fruits in 90 steps");
  expect(text(0)).toBe("1 fruit in 90 steps");
  expect(text(35)).toBe("35 fruits in 90 steps");
  expect(text(3, false)).toBe("3 fruits in 90 steps");
});
