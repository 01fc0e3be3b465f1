// MinAtar's games on the demo page.
import { describe, expect, it } from "vitest";
import { chromiumPath } from "./chromium.ts";
import { DemoPage, numberIn, numberOf, textOf } from "./demoPage.ts";

describe.skipIf(chromiumPath === null)("MinAtar on the page", () => {
  const demo = new DemoPage();

  it("loads the games' code only with their tabs", async () => {
    const loaded: string[] = [];
    const page = await demo.open("", {}, async (made) => {
      made.on("request", (request) => loaded.push(request.url()));
    });
    const games = () => loaded.filter((url) => /game/i.test(url));
    await textOf(page, "h1").toContain("balance a pole");
    await page.waitForSelector("text=Breakout");
    expect(games()).toEqual([]);
    await page.click("text=Breakout");
    await textOf(page, "h1").toBe("Watch a neural network learn to play Breakout");
    expect(games()).not.toEqual([]);
    await page.close();
  });

  it("learns Breakout: the test score rises above 1", async () => {
    // A smaller network and smaller updates, so that a busy machine is fast enough.
    const page = await demo.open(
      "#env=MinAtar%2FBreakout-v0&numEnvs=32&numMinibatches=8&convFilters=4&hiddenSizes=32&explorationSteps=30000&evalEvery=10240&evalEpisodes=20&totalSteps=200000",
    );
    await textOf(page, "#network").toContain("convolution");
    expect(await page.isDisabled("#live-targetUpdateInterval")).toBe(true);
    await page.click("#skip");
    await expect
      .poll(() => numberIn(page, "#test"), { timeout: 60_000, interval: 200 })
      .toBeGreaterThan(1);
    await page.close();
  }, 90_000);

  it("plays Breakout with the keys", async () => {
    const page = await demo.open("#env=MinAtar%2FBreakout-v0");
    await page.click("#yourself");
    await textOf(page, "#scene").toContain("← →.");
    await page.press("#scene", "ArrowLeft");
    await textOf(page, "#scores").toMatch(/you: \d/);
    await numberOf(page, "#steps").toBe(0);
    await page.close();
  });
});
