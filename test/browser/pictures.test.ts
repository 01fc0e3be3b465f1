import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filmSvg } from "../../src/plots/animation.ts";
import { chartSvg, type Mark } from "../../src/plots/chart.ts";
import { viewOf } from "../../src/scenes/views.ts";
import { sweepPanels } from "../../src/sweep/sweepPanels.ts";
import { failedTrial } from "../../src/sweep/trial.ts";
import { chromiumPath, launchChromium, openPage } from "./chromium.ts";

const changes = {
  hiddenSizes: [128, 128],
  explorationFinalEps: 0.05,
  learningRate: 0.0025,
  optimizerEpsilon: 0.000_01,
};

/** A chart of `plot` with three panels of `groups` curves with long names. */
function plotted(groups: number): string {
  const marks = Array.from(
    { length: groups },
    (_, color): Mark => ({
      kind: "line",
      color,
      name: `batchnorm-huber gamma=0.9${color} hiddenSizes=128,128 learningRate=0.0025, 10 seeds`,
      points: [
        [0, color],
        [10, color + 1],
      ],
    }),
  );
  const panel = { title: "Return", x: { label: "steps" }, y: { label: "mean of 100" }, marks };
  return chartSvg([panel, panel, panel], 3, "plot");
}

/** A sweep's report of `groups` configurations. */
function swept(groups: number): string {
  const results = Array.from({ length: groups }, (_, k) => {
    const trial = { recipe: "solve", changes: { gamma: 0.9 + k / 100, ...changes }, seed: 1 };
    const numbers = { solved: true, steps: 1000 * (k + 1), finalReturn: 10 * k, seconds: 1 };
    return { ...failedTrial(trial, ""), ...numbers, error: "" };
  });
  return chartSvg(sweepPanels(results), 2, "sweep");
}

describe.skipIf(chromiumPath === null)("SVG charts in Chromium", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
    page = await openPage(browser);
  });
  afterAll(() => browser.close());

  it.each(
    [1, 2, 4, 8].flatMap((groups) => [
      ["plot", groups, plotted(groups)] as const,
      ["sweep", groups, swept(groups)] as const,
    ]),
  )(
    "texts of %s with %i groups neither overlap nor are cut off, and name each group",
    async (_, groups, svg) => {
      const width = /viewBox="0 0 (\d+)/.exec(svg)![1];
      await page.setContent(`<body style="margin:0;width:${width}px">${svg}</body>`);
      const found = await page.evaluate(() => {
        const texts = [...document.querySelectorAll("text")].filter(
          (text) => text.textContent !== "",
        );
        const picture = document.querySelector("svg")!.getBoundingClientRect();
        const boxes = texts.map((text) => ({
          box: text.getBoundingClientRect(),
          text: text.textContent ?? "",
        }));
        const overlapping = boxes.flatMap((a, k) =>
          boxes
            .slice(k + 1)
            .filter(
              (b) =>
                Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 0.5 &&
                // The line spacing of a block is smaller than the height of its boxes.
                Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 4,
            )
            .map((b) => `${a.text} | ${b.text}`),
        );
        const outside = boxes
          .filter(({ box }) => box.right > picture.right + 0.5 || box.left < picture.left - 0.5)
          .map(({ text }) => text);
        return { overlapping, outside, words: boxes.map(({ text }) => text).join(" ") };
      });
      expect(found).toMatchObject({ overlapping: [], outside: [] });
      expect(found.words.match(/gamma=/g)!.length).toBeGreaterThanOrEqual(groups);
    },
  );

  it("are well-formed XML with any characters in names", async () => {
    const every = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).join("");
    const marks = [{ kind: "line", color: 0, name: every, points: [[0, 1]] }] as const;
    const panel = { title: every, x: { label: every }, y: { label: every }, marks };
    const scene = viewOf("CartPole-v1")!.scene({ targetPosition: null });
    const picture = { ...scene, strokes: scene.strokes([0, 0, 0, 0]) };
    for (const svg of [chartSvg([panel], 1, every), filmSvg([picture], every)]) {
      const problem = await page.evaluate(
        (text) =>
          new DOMParser().parseFromString(text, "image/svg+xml").querySelector("parsererror")
            ?.textContent ?? "",
        svg,
      );
      expect(problem).toBe("");
    }
  });
});
