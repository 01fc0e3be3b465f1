// Layout and accessibility of the demo page.
import { gzipSync } from "node:zlib";
import axe from "axe-core";
import { describe, expect, it } from "vitest";
import { chromiumPath, openPage } from "./chromium.ts";
import { DemoPage, finish, numberOf, textOf } from "./demoPage.ts";

const desktop = { viewport: { width: 1280, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

describe.skipIf(chromiumPath === null)("the look of the page", () => {
  const demo = new DemoPage();

  it.each([
    ["a desktop", desktop],
    ["a phone", phone],
  ] as const)("does not shift its layout while it loads and learns on %s", async (_, options) => {
    const page = await demo.open("", { ...options, reducedMotion: "no-preference" }, (opened) =>
      opened.addInitScript(() => {
        const record = { shift: 0 };
        Object.assign(window, { record });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            record.shift += (entry as PerformanceEntry & { value: number }).value;
          }
        }).observe({ type: "layout-shift", buffered: true });
      }),
    );
    await numberOf(page, "#steps").toBeGreaterThan(1000);
    const { shift } = await page.evaluate(
      () => (window as unknown as { record: { shift: number } }).record,
    );
    expect(shift).toBeLessThan(0.02);
    await page.close();
  });

  it("loads less than 110 kB for its first screen, and the parts below when they come near", async () => {
    const page = await openPage(demo.browser, { ...desktop, reducedMotion: "reduce" });
    const sizes = new Map<string, Promise<number>>();
    page.context().on("response", (response) => {
      const size = response.body().then((body) => gzipSync(body, { level: 9 }).length);
      sizes.set(response.url(), size);
    });
    await page.goto(demo.url);
    await page.waitForSelector("#network");
    await textOf(page, "#about").toMatch(/./);
    const bytes = (await Promise.all(sizes.values())).reduce((sum, size) => sum + size);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(110_000);
    const names = [...sizes.keys()].map((url) => url.slice(demo.url.length));
    expect(names).toContain("/worker.js");
    expect(names.filter((name) => /Below|game|jsWorker/i.test(name))).toEqual([]);
    await page.mouse.wheel(0, 300);
    await textOf(page, "#essay-title").toBe("How it learns");
    await page.close();
  });

  it("has the stage and Play on the first screen of a phone", async () => {
    const page = await demo.open("", phone);
    for (const selector of ["#picture", "#train", "#skip"]) {
      const box = (await page.locator(selector).boundingBox())!;
      expect(box.y).toBeGreaterThan(0);
      expect(box.y + box.height).toBeLessThan(844);
    }
    await page.close();
  });

  it("explains a term that is touched or has the focus", async () => {
    const page = await demo.open("", phone);
    const term = page.locator("#essay dfn").first();
    const shown = () => term.evaluate((element) => getComputedStyle(element, "::after").content);
    expect(await shown()).toBe("none");
    await term.tap();
    expect(await shown()).toContain("(The total future reward");
    await page.keyboard.press("Tab");
    expect(await shown()).toBe("none");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("epsilon");
    await page.close();
  });

  it("shows all tabs on a desktop, and on a phone that there are more", async () => {
    const page = await demo.open("", desktop);
    const tabs = page.locator("nav a");
    for (let k = 0; k < (await tabs.count()); k++) {
      const { width, x } = (await tabs.nth(k).boundingBox())!;
      expect(x + width).toBeLessThan(1280);
      expect(await tabs.nth(k).evaluate((tab) => tab.scrollWidth <= tab.clientWidth)).toBe(true);
    }
    await page.setViewportSize(phone.viewport);
    const mask = () => page.locator("nav").evaluate((nav) => getComputedStyle(nav).maskImage);
    expect(await mask()).toContain("linear-gradient");
    await page.close();
  });

  it.each([
    ["light", { colorScheme: "light" }, ""],
    ["dark", { colorScheme: "dark" }, ""],
    ["narrow", { viewport: { width: 360, height: 740 } }, ""],
    ["a game", { colorScheme: "light" }, "#env=Snake&totalSteps=3000"],
  ] as const)(
    "has no accessibility findings and no horizontal scrolling: %s",
    async (_, options, hash) => {
      const page = await demo.open(hash, options);
      await finish(page);
      await page.click("#advanced summary");
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() =>
        (window as unknown as { axe: typeof axe }).axe.run({
          rules: { "target-size": { enabled: true } },
        }),
      );
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)).toEqual(
        [],
      );
      await page.close();
    },
  );
});
