import { describe, expect, it } from "vitest";
import { chosenConfig } from "../../src/config/chosenConfig.ts";
import { environmentSpec, isBuiltIn } from "../../src/environments/registry.ts";
import { findGame, gameIds } from "../../src/games/builtInGames.ts";
import { createCore } from "../../src/kernels/core.ts";
import { viewOf } from "../../src/scenes/views.ts";
import { firstChoice, readAddress } from "../../src/web/state/address.ts";
import { tabOf, tabs } from "../../src/web/tabs.ts";

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

  it("has a key for every action but the one without a key", () => {
    const idle = typeof tab.idle === "number" ? [tab.idle] : [];
    const actions = new Set([...idle, ...Object.values(tab.keys)]);
    expect([...actions].sort((a, b) => a - b)).toEqual(
      Array.from({ length: spec.actionCount }, (_, k) => k),
    );
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

it("there is a tab for every game, and for MinAtar's with all actions", () => {
  const offered = gameIds.filter((id) => !id.endsWith("-v1"));
  expect(offered.filter((id) => !tabs.some(({ env }) => env === id))).toEqual([]);
});
