import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { samples } from "../docs/markdown.ts";
import { chromiumPath, launchChromium, openPage } from "./chromium.ts";
import { serve } from "./serve.ts";

const library = "/node_modules/wasm-dqn/build/browser/index.js";
const sample = samples().find(
  ({ code, language, page }) =>
    page === "docs/your-own-game.md" && language === "html" && code.includes("createAgent"),
)!;

/** Numbers that the page writes into its title. */
const title = /^(\d+) steps, mean return (.+)$/;

it.skipIf(chromiumPath === null)("draws frames while the documented page learns", async () => {
  // Names the page's agent, so that the test can read its updates.
  const page = sample.code.replace("const agent =", "const agent = globalThis.agent =");
  const { url, close } = await serve({
    "/index.html": page,
    [library]: readFileSync(new URL("../../build/browser/index.js", import.meta.url), "utf8"),
  });
  const browser = await launchChromium();
  try {
    const tab = await openPage(browser);
    const errors: string[] = [];
    tab.on("pageerror", ({ message }) => errors.push(message));
    await tab.goto(url);
    // The recipe learns after 200 steps, so after 200 frames.
    const counts = `({ updates: agent.agent.updates, steps: agent.steps })`;
    await tab.waitForFunction("globalThis.agent?.agent.updates > 0");
    const first = (await tab.evaluate(counts)) as { updates: number; steps: number };
    const frames = await tab.evaluate(`new Promise((resolve) => {
      let frames = 0;
      const count = () => (++frames < 60 ? requestAnimationFrame(count) : resolve(frames));
      requestAnimationFrame(count);
    })`);
    const later = (await tab.evaluate(counts)) as { updates: number; steps: number };
    expect(frames).toBe(60);
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
