import { readFileSync } from "node:fs";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import table from "../../records/records.json" with { type: "json" };
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import { Snake } from "../../src/games/snake.ts";
import { customEnvironment, encodePolicy, train } from "../../src/index.ts";
import { chromiumPath, launchChromium, openPage } from "./chromium.ts";
import { serve, strictPolicy } from "./serve.ts";

const built = new URL("../../build/web", import.meta.url).pathname;

describe.skipIf(chromiumPath === null)("the page of the records", () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serve>>;
  let troubles: string[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
    server = await serve(built, { "content-security-policy": strictPolicy });
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });
  afterEach(() => {
    const found = troubles;
    troubles = [];
    expect(found).toEqual([]);
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await openPage(browser, options);
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") troubles.push(message.text());
    });
    page.on("pageerror", (error) => troubles.push(error.message));
    await page.goto(`${server.url}/records/index.html`);
    return page;
  }

  const cardOf = (page: Page, row: { readonly weightsSha256: string }) =>
    page.locator("article", { hasText: row.weightsSha256.slice(0, 12) });

  it("trains a record again, and says and marks that the weights agree", async () => {
    const page = await open();
    const row = table.find(({ kind, env }) => kind === "fastest" && env === "CartPole-v1")!;
    const card = cardOf(page, row);
    expect(await card.locator(".status").textContent()).toBe("Not checked yet.");
    await card.locator("button").click();
    const text = () => card.locator(".status").textContent();
    await expect.poll(text).toMatch(/^✓ Verified\. The same weights, bit for bit, in [\d.]+ s\.$/);
    expect(await card.getAttribute("data-result")).toBe("right");
    const others = page.locator("article[data-result]");
    expect(await others.count()).toBe(1);
    await page.close();
  });

  it("marks a record whose weights differ", async () => {
    const page = await openPage(browser);
    const row = table.find(({ kind, env }) => kind === "smallest" && env === "CartPole-v1")!;
    await page.route("**/*.safetensors", (route) => {
      const path = new URL(`../../records/${row.file}`, import.meta.url);
      const { metadata, tensors } = decodeTensors(readFileSync(path), row.file);
      const { wasm_dqn_crc32: _, ...rest } = metadata;
      tensors[0]!.values[0]! += 1;
      return route.fulfill({ body: Buffer.from(encodeSafetensors({ metadata: rest, tensors })) });
    });
    await page.goto(`${server.url}/records/index.html`);
    const card = cardOf(page, row);
    await card.locator("button").click();
    const text = () => card.locator(".status").textContent();
    await expect.poll(text).toMatch(/^✗ Not verified\. The weights differ: /);
    expect(await card.getAttribute("data-result")).toBe("wrong");
    await page.close();
  });

  it("stops a check, and checks again", async () => {
    const page = await open();
    const card = cardOf(page, table.find(({ env }) => env === "MountainCar-v0")!);
    const button = card.locator("button");
    const held: Route[] = [];
    await page.route("**/*.safetensors", (route) => void held.push(route), { times: 1 });
    await button.click();
    await expect.poll(() => held.length).toBe(1);
    await expect.poll(() => button.textContent()).toBe("Stop");
    await button.click();
    await expect.poll(() => button.textContent()).toBe("Train it again");
    expect(await card.locator(".status").textContent()).toBe("Stopped.");
    await held[0]!.continue();
    await button.click();
    await expect.poll(() => card.getAttribute("data-result")).toBe("right");
    await page.close();
  });

  it("checks all records, and stops", async () => {
    const page = await open();
    await page.click("#all");
    await expect.poll(() => page.locator("article[data-result=right]").count()).toBeGreaterThan(0);
    expect(await page.textContent("#all")).toBe("Stop");
    await page.click("#all");
    await expect.poll(() => page.textContent("#all")).toBe("Check all");
    await expect.poll(() => page.workers().length).toBe(0);
    await page.close();
  });

  it("checks your own policy file, and refuses another file", async () => {
    const page = await open();
    const buffer = Buffer.from(encodePolicy(await train({ seed: 3 })));
    const file = (name: string, contents: Buffer) =>
      page.setInputFiles("#own", { name, mimeType: "application/octet-stream", buffer: contents });
    const text = () => page.textContent("#own-status");
    await file("mine.safetensors", buffer);
    await expect.poll(text).toMatch(/^✓ Verified\./);
    const game = { ...customEnvironment("Snake", Snake), hash: "00ff" };
    const own = await train({ recipe: "solve", totalSteps: 20, environment: game });
    await file("snake.safetensors", Buffer.from(encodePolicy(own)));
    await expect
      .poll(text)
      .toBe(
        "✗ Not verified. snake.safetensors was trained in your own environment: use wasm-dqn verify --env.",
      );
    await file("cut.safetensors", buffer.subarray(0, 500));
    await expect.poll(text).toMatch(/^✗ Not verified\. cut\.safetensors is not a readable/);
    await page.close();
  });

  it.each(["light", "dark"] as const)(
    "has no accessibility violations, %s",
    async (colorScheme) => {
      for (const width of [390, 1280]) {
        const page = await open({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
        await page.click("#all");
        await expect
          .poll(() => page.locator("article[data-result=right]").count())
          .toBeGreaterThan(1);
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate(() =>
          (window as unknown as { axe: typeof axe }).axe.run(),
        );
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide).toBeLessThanOrEqual(width);
        await page.close();
      }
    },
  );
});
