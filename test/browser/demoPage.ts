import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { launchChromium, openPage } from "./chromium.ts";
import { serve, strictPolicy } from "./serve.ts";

export const builtPage = new URL("../../build/web", import.meta.url).pathname;

/** A configuration that does not end during a test. */
export const endless = "#recipe=cleanrl&totalSteps=100000000000";

const pagePolicy = `${strictPolicy}; require-trusted-types-for 'script'; trusted-types wasm-dqn-demo`;

/** Scrolls to the parts below the first screen, whose code then loads, and back. */
export async function loadLater(page: Page): Promise<void> {
  for (const place of ["#inside-place", "#below-place"]) {
    await page.evaluate((id) => document.querySelector(id)?.scrollIntoView(), place);
    await expect.poll(() => page.locator(place).count()).toBe(0);
  }
  await page.evaluate(() => scrollTo(0, 0));
}

/** The demo page in Chromium, under a strict Content-Security-Policy and Trusted Types. */
export class DemoPage {
  browser!: Browser;
  url = "";
  #troubles: string[] = [];
  #close: () => void = () => {};

  /** Starts and ends the browser and the server with the tests of the current suite. A test fails if its page reports an error. */
  constructor() {
    beforeAll(async () => {
      this.browser = await launchChromium();
      const server = await serve(builtPage, { "content-security-policy": pagePolicy });
      this.url = server.url;
      this.#close = server.close;
    });
    afterAll(async () => {
      await this.browser.close();
      this.#close();
    });
    afterEach(() => {
      const found = this.#troubles;
      this.#troubles = [];
      expect(found).toEqual([]);
    });
  }

  /** Opens the page. With reduced motion, which is the default here, nothing starts by itself. `prepare` changes it before it loads. */
  async open(
    hash = "",
    options: BrowserContextOptions = {},
    prepare?: (page: Page) => Promise<unknown>,
  ): Promise<Page> {
    const page = await openPage(this.browser, { reducedMotion: "reduce", ...options });
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.#troubles.push(message.text());
    });
    page.on("pageerror", (error) => this.#troubles.push(error.message));
    page.on("requestfailed", (request) => this.#troubles.push(`${request.url()} failed`));
    await prepare?.(page);
    await page.goto(`${this.url}/${hash}`);
    await textOf(page, "#about").toMatch(/./);
    await loadLater(page);
    return page;
  }
}

/** Polls the text of an element. */
export const textOf = (page: Page, selector: string): ReturnType<typeof expect.poll> =>
  expect.poll(() => page.textContent(selector));

/** Reads the number in an element. */
export const numberIn = async (page: Page, selector: string) =>
  Number((await page.textContent(selector))?.replaceAll(",", ""));

/** Polls the number in an element. */
export const numberOf = (page: Page, selector: string): ReturnType<typeof expect.poll> =>
  expect.poll(() => numberIn(page, selector));

/** Trains the run of the page to its end. */
export async function finish(page: Page): Promise<void> {
  await page.click("#skip");
  await textOf(page, "#about").toMatch(/^(Solved|Finished) after/);
}
