// What the demo page offers to take along or to follow.
import { describe, expect, it } from "vitest";
import { chromiumPath } from "./chromium.ts";
import { DemoPage, textOf } from "./demoPage.ts";

const hash = "#recipe=solve&seed=7";

describe.skipIf(chromiumPath === null)("sharing the page", () => {
  const demo = new DemoPage();
  const code = () => `src="${demo.url}/embed.html#recipe=solve&#38;seed=7"`;

  it("copies the embed code of its run", async () => {
    const permissions = ["clipboard-read", "clipboard-write"];
    const page = await demo.open(hash, { permissions });
    await page.click("#copy-embed");
    await textOf(page, "#live").toBe("The embed code is copied.");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(code());
    expect(await page.isVisible("#embed-code")).toBe(false);
    await page.close();
  });

  it("shows the embed code if the browser does not allow it to copy", async () => {
    const page = await demo.open(hash, {}, (made) =>
      made.addInitScript(() => {
        navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"));
      }),
    );
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
