import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { samples } from "../docs/markdown.ts";
import { chromiumPath, launchChromium, openPage } from "./chromium.ts";
import { serve } from "./serve.ts";

const library = "/node_modules/wasm-dqn/build/browser/index.js";
const sampleWith = (text: string, of: string) =>
  samples().find(
    ({ code, language, page }) =>
      page === "docs/your-own-game.md" && language === of && code.includes(text),
  )!.code;
const libraryCode = readFileSync(new URL("../../build/browser/index.js", import.meta.url), "utf8");

/** Draws 60 frames in a page. */
const frames = `new Promise((resolve) => {
  let frames = 0;
  const count = () => (++frames < 60 ? requestAnimationFrame(count) : resolve(frames));
  requestAnimationFrame(count);
})`;
const counts = `({ updates: agent.agent.updates, steps: agent.steps })`;
interface Counts {
  readonly updates: number;
  readonly steps: number;
}
// The tests read the updates of this global variable.
const nameAgent = (code: string) =>
  code.replace("const agent =", "const agent = globalThis.agent =");

/** Numbers that the page writes into its title. */
const title = /^(\d+) steps, mean return (.+)$/;

it.skipIf(chromiumPath === null)("draws frames while the documented page learns", async () => {
  const page = nameAgent(sampleWith("createAgent", "html"));
  const { url, close } = await serve({
    "/index.html": page,
    [library]: libraryCode,
  });
  const browser = await launchChromium();
  try {
    const tab = await openPage(browser);
    const errors: string[] = [];
    tab.on("pageerror", ({ message }) => errors.push(message));
    await tab.goto(url);
    // The recipe learns after 200 steps, so after 200 frames.
    await tab.waitForFunction("globalThis.agent?.agent.updates > 0");
    const first = await tab.evaluate<Counts>(counts);
    expect(await tab.evaluate(frames)).toBe(60);
    const later = await tab.evaluate<Counts>(counts);
    // Each frame takes a step, and every second step makes an update.
    expect(later.steps - first.steps).toBeGreaterThanOrEqual(59);
    expect(later.updates).toBeGreaterThan(first.updates);
    expect(await tab.title()).toMatch(title);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
    close();
  }
});

it.skipIf(chromiumPath === null)("draws frames while the documented worker learns", async () => {
  const { url, close } = await serve({
    "/index.html": sampleWith("agentWorker.js", "html"),
    "/favicon.ico": "",
    "/agentWorker.js": nameAgent(sampleWith("// agentWorker.js", "js")).replace(
      '"wasm-dqn"',
      `"${library}"`,
    ),
    [library]: libraryCode,
  });
  const browser = await launchChromium();
  try {
    const tab = await openPage(browser);
    const errors: string[] = [];
    tab.on("pageerror", ({ message }) => errors.push(message));
    tab.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    const started = tab.waitForEvent("worker");
    await tab.goto(url);
    const worker = await started;
    const read = () => worker.evaluate<Counts>(counts);
    await expect.poll(async () => (await read()).updates, { timeout: 30_000 }).toBeGreaterThan(0);
    const first = await read();
    expect(await tab.evaluate(frames)).toBe(60);
    await expect.poll(async () => (await read()).steps).toBeGreaterThan(first.steps + 50);
    expect((await read()).updates).toBeGreaterThan(first.updates);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
    close();
  }
});
