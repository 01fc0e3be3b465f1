// The charts of the demo page after a change, and the numbers of its race.
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath, openPage, plainHost } from "./chromium.ts";
import { DemoPage, finish, loadLater, textOf } from "./demoPage.ts";

type Texts = WeakMap<object, string[]>;

/** Records the texts that each canvas shows. */
const recordTexts = (page: Page) =>
  page.addInitScript(() => {
    const texts: Texts = new WeakMap();
    const { clearRect, fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...box) {
      texts.set(this.canvas, []);
      clearRect.apply(this, box);
    };
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
      texts.get(this.canvas)?.push(text);
      fillText.call(this, text, x, y);
    };
    Object.assign(window, { texts });
  });

/** Polls the texts of the learning curve: ticks, labels and goal. */
const axes = (page: Page) =>
  expect.poll(() =>
    page.evaluate(() => {
      const canvas = document.querySelector("#curve canvas");
      const { texts } = window as unknown as { texts: Texts };
      return canvas === null ? [] : texts.get(canvas);
    }),
  );

describe.skipIf(chromiumPath === null)("numbers of an earlier run", () => {
  const demo = new DemoPage();

  it("leave the axes and the goal with the next run", async () => {
    const page = await demo.open("", {}, recordTexts);
    await finish(page);
    await axes(page).toEqual(expect.arrayContaining(["8K", "500", "goal 475"]));
    await page.selectOption("#recipe", { label: "Classroom: one layer of 64" });
    await axes(page).toEqual(expect.arrayContaining(["100K", "500", "goal 475"]));
    await axes(page).not.toContain("8K");
    await page.click("nav >> text=MountainCar");
    await axes(page).toEqual(expect.arrayContaining(["80K", "-200", "goal -105"]));
    await axes(page).not.toContain("500");
    await page.click("nav >> text=Snake");
    await axes(page).toEqual(expect.arrayContaining(["150K", "30"]));
    await axes(page).not.toContain("goal -105");
    await page.close();
  });

  it("leave the race with a changed value, and the race then trains with that value", async () => {
    const page = await demo.open();
    const race = async () => {
      await page.selectOption("#race-length", "10000");
      await page.click("#race-start");
      await textOf(page, ".verdict").toMatch(/SHA-256 of the weights: \w{16} ✓/);
      return /weights: (\w{16})/.exec((await page.textContent(".verdict"))!)![1];
    };
    const first = await race();
    await page.focus("#live-gamma");
    await page.keyboard.press("Home");
    await textOf(page, ".verdict").toMatch(/^Both train this run/);
    for (const backend of ["wasm", "js"]) {
      await textOf(page, `[data-backend=${backend}] .clock`).toBe("0.00 s");
    }
    const second = await race();
    expect(second).not.toBe(first);
    await page.close();
  });

  it("are not needed for a race over plain http, without crypto.subtle", async () => {
    const page = await openPage(demo.browser, { reducedMotion: "reduce" });
    await page.goto(demo.url.replace("127.0.0.1", plainHost));
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    await loadLater(page);
    await page.selectOption("#race-length", "10000");
    await page.click("#race-start");
    await textOf(page, ".verdict").toMatch(/SHA-256 of the weights: \w{16} ✓/);
    await page.close();
  });
});
