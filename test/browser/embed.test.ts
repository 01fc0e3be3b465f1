// The custom element and embed.html in pages that restrict them: a sandbox, another origin, a strict Content-Security-Policy, Trusted Types.
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { train, weightsSha256 } from "../../src/index.ts";
import { chromiumPath, launchChromium, openPage } from "./chromium.ts";
import { serve } from "./serve.ts";

const built = new URL("../../build/web", import.meta.url).pathname;

type Server = Awaited<ReturnType<typeof serve>>;

/** A run of about a second at the pace of the demo. */
const attributes = 'recipe="solve" seed="3" total-steps="500" solved-by="none"';
const hash = "#recipe=solve&seed=3&totalSteps=500&solvedBy=none";

describe.skipIf(chromiumPath === null)("the embedded demo", () => {
  let browser: Browser;
  /** Serves the built page to any origin. */
  let files: Server;
  let hosts: Server[] = [];
  let troubles: string[] = [];
  let result = "";
  beforeAll(async () => {
    browser = await launchChromium();
    files = await serve(built, { "access-control-allow-origin": "*" });
    const training = await train({ seed: 3, totalSteps: 500, solvedBy: "none" });
    const sum = await weightsSha256(training.weights());
    result = `Finished after 500 steps. SHA-256 of the weights: ${sum.slice(0, 12)}`;
  });
  afterAll(async () => {
    await browser.close();
    files.close();
  });
  afterEach(() => {
    for (const host of hosts) host.close();
    hosts = [];
    troubles = [];
  });

  /** Opens a page of another origin, whose body and policy are given. */
  async function openHost(
    body: string,
    policy = "",
    options: BrowserContextOptions = {},
  ): Promise<Page> {
    const html = `<!doctype html><html lang="en"><title>A host</title><main>${body}</main></html>`;
    const host = await serve(
      { "/index.html": html },
      policy === "" ? {} : { "content-security-policy": policy },
    );
    hosts.push(host);
    const page = await openPage(browser, options);
    page.on("console", (message) => {
      const isIcon = message.location().url.endsWith("favicon.ico");
      if (message.type() === "error" && !isIcon) troubles.push(message.text());
    });
    page.on("pageerror", (error) => troubles.push(error.message));
    await page.goto(host.url);
    return page;
  }

  const script = () => `<script src="${files.url}/wasm-dqn-demo.js"></script>`;
  const element = `<wasm-dqn-demo ${attributes}></wasm-dqn-demo>`;
  const textOf = (page: Page) => expect.poll(() => page.locator(".result").first().textContent());

  it("trains in a sandboxed frame, in a worker, to Node's bits", async () => {
    const source = `${files.url}/embed.html${hash}`;
    const page = await openHost(
      `<iframe title="Demo" sandbox="allow-scripts" width="640" height="480" src="${source}"></iframe>`,
    );
    const frame = page.frameLocator("iframe");
    await expect.poll(() => page.workers().length).toBe(1);
    await expect.poll(() => frame.locator(".result").textContent()).toBe(result);
    expect(await frame.locator("a").getAttribute("href")).toBe(
      `${files.url}/index.html#recipe=solve&seed=3&totalSteps=500&solvedBy=none`,
    );
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("trains as a module that is imported from another origin", async () => {
    const page = await openHost(
      `<script type="module">import "${files.url}/wasm-dqn-demo.js";</script>${element}`,
    );
    await expect.poll(() => page.workers().length).toBe(1);
    await textOf(page).toBe(result);
    expect(await page.locator("a").count()).toBe(0);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("trains in a worker under a strict Content-Security-Policy", async () => {
    const page = await openHost(
      script() + element,
      `default-src 'none'; script-src ${files.url} 'wasm-unsafe-eval'; worker-src blob:`,
    );
    await expect.poll(() => page.workers().length).toBe(1);
    await textOf(page).toBe(result);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("trains without a worker and without WebAssembly if the policy forbids both", async () => {
    const page = await openHost(script() + element, `default-src 'none'; script-src ${files.url}`);
    await textOf(page).toBe(result);
    expect(page.workers().length).toBe(0);
    for (const trouble of troubles) expect(trouble).toContain("Content Security Policy");
    await page.close();
  });

  it("trains two elements in workers under Trusted Types", async () => {
    const page = await openHost(
      script() + element + element,
      "require-trusted-types-for 'script'; trusted-types wasm-dqn-demo",
    );
    await expect.poll(() => page.workers().length).toBe(2);
    await textOf(page).toBe(result);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("trains without a worker if no Trusted Types policy is allowed", async () => {
    const page = await openHost(
      script() + element,
      "require-trusted-types-for 'script'; trusted-types 'none'",
    );
    await textOf(page).toBe(result);
    expect(page.workers().length).toBe(0);
    await page.close();
  });

  it("hides parts, starts again when an attribute changes, and ends its worker when it is removed", async () => {
    const page = await openHost(
      `${script()}<wasm-dqn-demo ${attributes} hide="curve,link"></wasm-dqn-demo>`,
    );
    await textOf(page).toBe(result);
    expect(await page.locator(".curve").isVisible()).toBe(false);
    expect(await page.locator("a").count()).toBe(0);
    expect(await page.locator(".stage").isVisible()).toBe(true);
    const demo = page.locator("wasm-dqn-demo");
    await demo.evaluate((node) => node.setAttribute("seed", "4"));
    await textOf(page).toBe("");
    await textOf(page).toMatch(/^Finished after 500 steps/);
    expect(await page.locator(".result").textContent()).not.toBe(result);
    await demo.evaluate((node) => node.remove());
    await expect.poll(() => page.workers().length).toBe(0);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("pauses, plays and trains again, by keyboard", async () => {
    const page = await openHost(
      `${script()}<wasm-dqn-demo ${attributes.replace("500", "1500")}></wasm-dqn-demo>`,
    );
    const button = page.locator("button");
    const steps = async () =>
      Number(
        /step ([\d,]+)/
          .exec((await page.locator(".numbers").textContent()) ?? "")?.[1]
          ?.replace(",", ""),
      );
    await expect.poll(steps).toBeGreaterThan(10);
    await button.press("Enter");
    expect(await button.textContent()).toBe("Play");
    const stepsMore = async () => {
      const before = await steps();
      await page.waitForTimeout(200);
      return (await steps()) - before;
    };
    await expect.poll(stepsMore).toBe(0);
    await button.press("Enter");
    await textOf(page).toMatch(/^Finished after 1,500 steps/);
    expect(await button.textContent()).toBe("Train again");
    await button.press("Enter");
    await textOf(page).toBe("");
    await expect.poll(steps).toBeLessThan(1_000);
    await page.close();
  });

  it("starts nothing by itself with reduced motion", async () => {
    const page = await openHost(script() + element, "", { reducedMotion: "reduce" });
    const button = page.locator("button");
    await expect.poll(() => button.isEnabled()).toBe(true);
    expect(await button.textContent()).toBe("Play");
    expect(await page.locator(".numbers").textContent()).toBe("");
    await button.click();
    await textOf(page).toBe(result);
    await page.close();
  });

  it("reports invalid attributes in a sentence and continues with the others", async () => {
    const page = await openHost(
      `${script()}<wasm-dqn-demo ${attributes} gamma="2"></wasm-dqn-demo>`,
    );
    const problem = () => page.locator(".problem").textContent();
    await expect.poll(problem).toBe("gamma in the address must be at most 1, got 2.");
    await textOf(page).toBe(result);
    await page.close();
  });

  it.each(["light", "dark"] as const)(
    "has no accessibility violations, %s",
    async (colorScheme) => {
      const page = await openHost(script() + element, "", { colorScheme });
      await textOf(page).toBe(result);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() =>
        (window as unknown as { axe: typeof axe }).axe.run("wasm-dqn-demo"),
      );
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      await page.close();
    },
  );
});
