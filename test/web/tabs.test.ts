import { describe, expect, it } from "vitest";
import { chosenConfig } from "../../src/config/chosenConfig.ts";
import { environmentIds, environmentSpec, isBuiltIn } from "../../src/environments/registry.ts";
import { findGame, gameIds } from "../../src/games/builtInGames.ts";
import { createCore } from "../../src/kernels/core.ts";
import { viewOf } from "../../src/scenes/views.ts";
import { environmentOf, firstChoice, readAddress } from "../../src/web/state/address.ts";
import { findTab, tabOf, tabs } from "../../src/web/tabs.ts";

const specOf = (env: string) => findGame(env) ?? environmentSpec(env);

describe.each(tabs.map((tab) => [tab.name, tab] as const))("the tab %s", (_, tab) => {
  const spec = specOf(tab.env);

  it("has presets that are valid configurations of its environment", () => {
    const own = isBuiltIn(tab.env) ? undefined : spec;
    for (const { changes, recipe } of tab.presets) {
      const { env } = chosenConfig(recipe, changes, own);
      expect(tabOf(env)).toBe(tab);
    }
  });

  it("opens from its link", () => {
    expect(readAddress(`#env=${tab.env}`)).toEqual({
      choice: {
        ...firstChoice(tab.env),
        changes: { ...firstChoice(tab.env).changes, env: tab.env },
      },
      experiment: "",
      hidden: [],
      problems: [],
    });
  });

  it("has a key for every action with an effect but the one without a key", () => {
    const idle = typeof tab.idle === "number" ? [tab.idle] : [];
    const { actionCount, actionNames } = specOf(tab.env.replace(/^(MinAtar.*)0$/, "$11"));
    const keys = tab.minimalKeys ?? tab.keys;
    const actions = new Set([...idle, ...Object.values(keys)]);
    expect([...actions].sort((a, b) => a - b)).toEqual(
      Array.from({ length: actionCount }, (_, k) => k),
    );
    for (const [key, action] of Object.entries(keys)) {
      expect(actionNames![action]).toBe(spec.actionNames![tab.keys[key]!]);
    }
  });

  it("has a picture or a text to draw", () => {
    if (viewOf(tab.env) !== null) return;
    expect(tab.sketch).toMatch(/\S/);
    const environment = spec.make(createCore("js", spec.bytes), 0);
    environment.reset({ seed: 1 });
    const shown = environment.render?.() ?? "";
    expect(typeof shown === "string" ? shown : shown.strokes.map(String).join()).toMatch(/\S/);
    expect(tab.secondsPerStep).toBeGreaterThan(0);
  });

  it("knows the number of players", () => {
    expect(tab.players ?? 1).toBe(spec.players ?? 1);
  });
});

it.each([...environmentIds, ...gameIds])(
  "%s has a tab, which its link and its files open",
  (env) => {
    const family = (id: string) => id.replace(/(8x8|Slippery)?(-v\d)?$/, "");
    const tab = findTab(env)!;
    expect(family(tab.env)).toBe(family(env));
    expect(environmentOf(firstChoice(env))).toBe(env);
    const { choice, problems } = readAddress(`#env=${encodeURIComponent(env)}`);
    expect(problems).toEqual([]);
    expect(environmentOf(choice)).toBe(env);
    expect(choice.recipe).toBe(tab.presets[0].recipe);
  },
);

it("an unknown environment has no tab", () => {
  expect(findTab("Pong-v4")).toBeUndefined();
  expect(environmentOf(firstChoice("Pong-v4"))).toBe(tabs[0].env);
});
