// Links, downloads and the embed code of the demo page.
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath, openPage } from "./chromium.ts";
import { builtPage, DemoPage, textOf } from "./demoPage.ts";
import { serve } from "./serve.ts";

const hash = "#recipe=solve&seed=7";

const refuseCopies = (page: Page) =>
  page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"));
  });

describe.skipIf(chromiumPath === null)("sharing the page", () => {
  const demo = new DemoPage();
  const code = () => `src="${demo.url}/embed.html#recipe=solve&#38;seed=7"`;

  const permissions = ["clipboard-read", "clipboard-write"];
  const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

  it("copies a link that restores the run's settings, also those that changed while it trained", async () => {
    const page = await demo.open(
      "#env=MountainCar-v0&seed=9&nSteps=4&hide=essay&totalSteps=90000",
      {
        permissions,
      },
    );
    await page.focus("#live-gamma");
    await page.keyboard.press("Home");
    await textOf(page, "#sliders label:has(#live-gamma) output").toBe("0");
    await page.fill("#main-field-batchSize", "48");
    await page.press("#main-field-batchSize", "Tab");
    await expect.poll(() => page.url()).toContain("batchSize=48");
    await page.click("#copy-link");
    await textOf(page, "#live").toBe("The link is copied.");
    const link = await copied(page);
    expect(link).toBe(page.url());
    const other = await demo.open(new URL(link).hash);
    await textOf(other, "h1").toContain("climb a hill");
    const values = {
      "#seed": "9",
      "#main-field-batchSize": "48",
      "#field-nSteps": "4",
      "#field-totalSteps": "90000",
    };
    await other.click("#advanced summary");
    for (const [field, value] of Object.entries(values)) {
      expect(await other.inputValue(field)).toBe(value);
    }
    expect(await other.textContent("#sliders label:has(#live-gamma) output")).toBe("0");
    expect(await other.locator("#essay").count()).toBe(0);
    expect(await other.textContent("#recipe option:checked")).toBe("Tuned: 3-step returns");
    for (const each of [page, other]) await each.close();
  });

  it("says what to do if the browser does not allow it to copy the link", async () => {
    const page = await demo.open(hash, {}, refuseCopies);
    await page.click("#copy-link");
    await textOf(page, "#notice").toContain("copy its address instead");
    await page.close();
  });

  it("copies embed code that trains the run with its present values", async () => {
    const page = await demo.open("#recipe=solve&seed=7&totalSteps=500&solvedBy=none", {
      permissions,
    });
    await page.focus("#live-gamma");
    await page.keyboard.press("Home");
    await expect.poll(() => page.url()).toContain("gamma=0");
    await page.click("#copy-embed");
    await textOf(page, "#live").toBe("The embed code is copied.");
    const code = await copied(page);
    expect(code).toContain("gamma=0");
    // Without this suite's policy, which forbids the frame's worker.
    const plain = await serve(builtPage, { "access-control-allow-origin": "*" });
    const other = await openPage(demo.browser);
    await other.setContent(code.replace(demo.url, plain.url));
    const result = other.frameLocator("iframe").locator(".result");
    await expect.poll(() => result.textContent()).toContain("Finished after 500 steps");
    for (const each of [page, other]) await each.close();
    plain.close();
  });

  it("copies the embed code of its run", async () => {
    const page = await demo.open(hash, { permissions });
    await page.click("#copy-embed");
    await textOf(page, "#live").toBe("The embed code is copied.");
    expect(await copied(page)).toContain(code());
    expect(await page.isVisible("#embed-code")).toBe(false);
    await page.close();
  });

  it("shows the embed code if the browser does not allow it to copy", async () => {
    const page = await demo.open(hash, {}, refuseCopies);
    await page.click("#copy-embed");
    expect(await page.inputValue("#embed-code")).toContain(code());
    await page.close();
  });

  it("links to the records and names its card and its icon", async () => {
    const page = await demo.open();
    const images = ['link[rel="apple-touch-icon"]', 'meta[property="og:image"]'];
    for (const selector of images) {
      const [name] = await page.$$eval(selector, (found) =>
        found.map((each) => each.getAttribute("href") ?? each.getAttribute("content")),
      );
      expect((await page.request.get(`${demo.url}/${name}`)).status()).toBe(200);
    }
    await page.click("#records-link");
    await textOf(page, "h1").toBe("Records that anyone can check");
    await page.close();
  });
});
