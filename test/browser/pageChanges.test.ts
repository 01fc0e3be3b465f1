// Changes by a user of the demo page: hyperparameters, environments, experiments, moments.
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath } from "./chromium.ts";
import { DemoPage, endless, finish, numberIn, numberOf, textOf } from "./demoPage.ts";

describe.skipIf(chromiumPath === null)("changes on the page", () => {
  const demo = new DemoPage();

  async function enter(page: Page, key: string, value: string): Promise<void> {
    await page.fill(`#field-${key}`, value);
    await page.press(`#field-${key}`, "Tab");
  }

  const openAdvanced = (page: Page) => page.click("#advanced summary");

  it("writes the configuration to its address and reads it back", async () => {
    const page = await demo.open("#recipe=soft-update&seed=12&hiddenSizes=16%2C16&gamma=0.9");
    expect(await page.inputValue("#seed")).toBe("12");
    await openAdvanced(page);
    expect(await page.inputValue("#field-hiddenSizes")).toBe("16,16");
    await enter(page, "tau", "0.01");
    await expect.poll(() => page.url()).toContain("tau=0.01");
    const again = await demo.open(new URL(page.url()).hash);
    await openAdvanced(again);
    for (const [key, value] of Object.entries({ tau: "0.01", gamma: "0.9", batchSize: "64" })) {
      expect(await again.inputValue(`#field-${key}`)).toBe(value);
    }
    for (const each of [page, again]) await each.close();
  });

  it("ignores unknown keys and invalid values of a link, and uses the rest", async () => {
    const page = await demo.open("#recipe=tanh-64&seed=7&colour=red&gamma=2");
    await textOf(page, "#notice").toContain("colour in the address is not a configuration key.");
    expect(await page.textContent("#notice")).toContain("gamma in the address must be at most 1");
    expect(await page.inputValue("#seed")).toBe("7");
    await expect.poll(() => page.url()).toMatch(/#recipe=tanh-64&seed=7$/);
    await page.close();
  });

  it("keeps the current run if a link contradicts itself", async () => {
    const page = await demo.open("#recipe=solve&batchSize=5000");
    await textOf(page, "#notice").toMatch(/^batchSize must be at most bufferSize, 2000/);
    await expect.poll(() => page.url()).not.toContain("batchSize");
    await page.click("#train");
    await numberOf(page, "#episodes").toBeGreaterThan(0);
    await page.click("#train");
    await page.evaluate(() => {
      location.hash = "#recipe=tanh-64&batchSize=500000";
    });
    await textOf(page, "#notice").toMatch(/^batchSize must be at most bufferSize/);
    expect(await numberIn(page, "#episodes")).toBeGreaterThan(0);
    await expect.poll(() => page.url()).toContain("recipe=solve");
    await page.close();
  });

  it("trains the values that it shows: an invalid one stays marked and names the value of the run", async () => {
    const page = await demo.open();
    await openAdvanced(page);
    await enter(page, "gamma", "99%");
    await textOf(page, "#error-gamma").toBe(
      'gamma must be a number, got "99%". The run still has 0.99.',
    );
    expect(await page.getAttribute("#field-gamma", "aria-invalid")).toBe("true");
    await enter(page, "batchSize", "32");
    await expect.poll(() => page.url()).toContain("batchSize=32");
    expect(page.url()).not.toContain("gamma");
    expect(await page.inputValue("#field-gamma")).toBe("99%");
    await textOf(page, "#error-gamma").toContain("The run still has 0.99.");
    await enter(page, "gamma", "0.9");
    await textOf(page, "#error-gamma").toBe("");
    await expect.poll(() => page.url()).toContain("gamma=0.9");
    await page.close();
  });

  it("accepts two values that are only valid together", async () => {
    const page = await demo.open();
    await openAdvanced(page);
    await enter(page, "batchSize", "5000");
    await textOf(page, "#error-batchSize").toMatch(/^batchSize must be at most bufferSize, 2000/);
    await enter(page, "bufferSize", "10000");
    await textOf(page, "#error-batchSize").toBe("");
    await expect.poll(() => page.url()).toContain("batchSize=5000");
    expect(page.url()).toContain("bufferSize=10000");
    await page.close();
  });

  it("marks changed values, dims those without effect, and restores the recipe", async () => {
    const page = await demo.open("#recipe=solve&gamma=0.9");
    await openAdvanced(page);
    const field = (key: string) => page.locator(".field", { has: page.locator(`#field-${key}`) });
    expect(await field("gamma").getAttribute("class")).toContain("changed");
    expect(await field("gamma").textContent()).toContain("preset: 0.99");
    expect(await field("priorityAlpha").getAttribute("class")).toContain("inactive");
    await page.click("#restore");
    await expect.poll(() => page.inputValue("#field-gamma")).toBe("0.99");
    expect(page.url()).toMatch(/#recipe=solve$/);
    await page.fill("#search", "target");
    await expect.poll(() => page.locator(".field").count()).toBeLessThan(10);
    expect(await page.isVisible("#field-tau")).toBe(true);
    await page.close();
  });

  it("trains the new run after a change and a click right after it", async () => {
    const page = await demo.open();
    for (const seed of ["5", "6", "7"]) {
      await page.fill("#seed", seed);
      await page.evaluate(() => {
        document.querySelector<HTMLInputElement>("#seed")!.dispatchEvent(new Event("change"));
        document.querySelector<HTMLButtonElement>("#train")!.click();
      });
      await expect.poll(() => page.url()).toContain(`seed=${seed}`);
      await numberOf(page, "#steps").toBeGreaterThan(0);
      await page.click("#train");
      await textOf(page, "#train").toBe("Play");
    }
    await page.close();
  });

  it("offers the run that a change has replaced, and Back returns to it", async () => {
    const page = await demo.open();
    await finish(page);
    await page.focus("#recipe");
    await page.keyboard.press("ArrowDown");
    await numberOf(page, "#steps").not.toBe(8000);
    await expect.poll(() => page.url()).toContain("tanh-64");
    await page.click("#undo");
    await numberOf(page, "#steps").toBe(8000);
    await textOf(page, "#about").toMatch(/^Solved after 8,000 steps/);
    await page.click("text=Snake");
    await textOf(page, "h1").toBe("Watch a neural network learn to play Snake");
    await page.goBack();
    await textOf(page, "h1").toBe("Watch a neural network learn to balance a pole");
    await numberOf(page, "#steps").toBe(8000);
    await page.close();
  });

  it("follows the environment with text, curve and picture", async () => {
    const page = await demo.open();
    for (const [name, task] of [
      ["MountainCar", "climb a hill with a weak engine"],
      ["2048", "play 2048"],
      ["Cliff", "walk along a cliff"],
    ]) {
      await page.click(`nav >> text=${name}`);
      await textOf(page, "h1").toBe(`Watch a neural network learn to ${task}`);
      expect(await page.locator("nav [aria-current]").textContent()).toBe(name);
      await numberOf(page, "#steps").toBe(0);
    }
    await page.close();
  });

  it("changes a run while it trains, without a restart", async () => {
    const page = await demo.open(endless);
    await page.click("#train");
    await numberOf(page, "#steps").toBeGreaterThan(100);
    const before = await numberIn(page, "#steps");
    await page.focus("#live-gamma");
    await page.keyboard.press("Home");
    await textOf(page, "#sliders label:has(#live-gamma) output").toBe("0");
    await expect.poll(() => page.url()).toMatch(/gamma=0$/);
    await numberOf(page, "#steps").toBeGreaterThan(before);
    await page.close();
  });

  it.each([
    ["learningRate", "0.00001", { learningRate: 0.00001 }],
    ["gamma", "0", { gamma: 0 }],
    ["explorationFinalEps", "0%", { explorationInitialEps: 0, explorationFinalEps: 0 }],
    ["targetUpdateInterval", "every step", { targetUpdateInterval: 1 }],
  ] as const)("changes %s at once with its slider", async (key, text, values) => {
    const page = await demo.open();
    await page.focus(`#live-${key}`);
    await page.keyboard.press("Home");
    await textOf(page, `#sliders label:has(#live-${key}) output`).toBe(text);
    const changed = (name: string) =>
      Number(new URLSearchParams(new URL(page.url()).hash.slice(1)).get(name) ?? Number.NaN);
    for (const [name, value] of Object.entries(values)) {
      await expect.poll(() => changed(name)).toBe(value);
    }
    await page.click("#train");
    await numberOf(page, "#steps").toBeGreaterThan(0);
    if (key === "explorationFinalEps") await textOf(page, "#epsilon").toBe("0%");
    await page.close();
  });

  it("explains a slider that has the focus", async () => {
    const page = await demo.open();
    await page.focus("#live-gamma");
    await textOf(page, "#slider-help").toBe("What a reward is worth one step later.");
    await page.close();
  });

  it("replays the policy of an earlier moment", async () => {
    const page = await demo.open();
    await finish(page);
    await expect.poll(() => page.getAttribute("#timeline", "max")).toBe("81");
    await page.focus("#timeline");
    await page.keyboard.press("Home");
    await textOf(page, ".caption").toMatch(/^The network of step 0 plays/);
    // An untrained policy soon falls.
    await textOf(page, ".caption").toMatch(/Fell after \d\d? steps/);
    await page.click("#now");
    await textOf(page, "#moment").toBe("now");
    await page.close();
  });

  it("opens an experiment from its link and says what to notice", async () => {
    const page = await demo.open();
    await page.click("text=Gamma 0.5");
    await textOf(page, "#experiment").toMatch(/Notice:/);
    await expect.poll(() => page.url()).toContain("try=short-sight");
    await textOf(page, "#sliders label:has(#live-gamma) output").toBe("0.5");
    await page.close();
  });

  it("does not offer wasm-fma, whose kernels are not loaded", async () => {
    const page = await demo.open("#backend=wasm-fma");
    await textOf(page, "#notice").toContain("backend wasm-fma needs wasm-dqn/core-fma.wasm");
    await openAdvanced(page);
    const offered = page.locator("#field-backend option");
    expect(await offered.allTextContents()).toEqual(["wasm", "js"]);
    await page.close();
  });

  it("hides the parts that the address names", async () => {
    const page = await demo.open("#hide=essay,race,title");
    expect(await page.locator("#essay, #race, h1").count()).toBe(0);
    await page.click("text=Snake");
    await expect.poll(() => page.url()).toContain("hide=");
    await page.close();
  });
});
