// The user's own game on a touch screen.
import { describe, expect, it } from "vitest";
import { tabs } from "../../src/web/tabs.ts";
import { chromiumPath } from "./chromium.ts";
import { DemoPage, textOf } from "./demoPage.ts";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const boards = tabs.filter(({ keys, secondsPerStep }) => secondsPerStep && keys[1] === undefined);
const signs = new Map(
  Object.entries({
    "←": "ArrowLeft",
    "↑": "ArrowUp",
    "↓": "ArrowDown",
    "→": "ArrowRight",
    "●": " ",
  }),
);

describe.skipIf(chromiumPath === null)("the page on a touch screen", () => {
  const demo = new DemoPage();

  it.each(boards.map((tab) => [tab.name, tab] as const))(
    "%s has a button for each action",
    async (_, tab) => {
      const page = await demo.open(`#env=${encodeURIComponent(tab.env)}`, phone);
      await page.tap("#yourself");
      await textOf(page, ".caption").toBe("Your turn. Touch a button to begin.");
      const shown = await page.locator(".pad button:visible").allTextContents();
      expect(shown.map((sign) => signs.get(sign)).sort()).toEqual(Object.keys(tab.keys).sort());
      await page.locator(".pad button").last().tap();
      await textOf(page, ".caption").not.toMatch(/^Your turn/);
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      await page.close();
    },
  );

  it("fires in Space Invaders: the score rises", async () => {
    const page = await demo.open("#env=MinAtar/SpaceInvaders-v1", phone);
    expect(await page.textContent("h1")).toBe(
      "Watch a neural network learn to play Space Invaders",
    );
    await page.tap("#yourself");
    await textOf(page, ".caption").toMatch(/^Your turn/);
    await page.dispatchEvent(".pad button[aria-label=fire]", "pointerdown");
    await textOf(page, ".caption").toMatch(/^You: [1-9]/);
    await page.close();
  });

  it("plays Connect Four by its columns and CartPole by the halves of the picture", async () => {
    const page = await demo.open("#env=ConnectFour", phone);
    await page.tap("#yourself");
    await textOf(page, ".caption").toBe("Your turn. Touch a column to begin.");
    await page.tap("#picture");
    await textOf(page, ".caption").toBe("The network moves.");
    await page.tap("nav >> text=CartPole");
    await textOf(page, "h1").toContain("balance a pole");
    await page.tap("#yourself");
    await textOf(page, ".caption").toBe("Your turn. Touch the left or right half to begin.");
    expect(await page.locator(".pad").count()).toBe(0);
    await page.tap("#picture", { position: { x: 20, y: 90 } });
    await textOf(page, ".caption").toMatch(/^You: \d/);
    await page.close();
  });

  it("shows no buttons beside a mouse", async () => {
    const page = await demo.open("#env=Snake");
    await page.click("#yourself");
    await textOf(page, ".caption").toBe("Your turn. Press a key to begin: ← ↑ →.");
    expect(await page.isVisible(".pad")).toBe(false);
    await page.close();
  });
});
