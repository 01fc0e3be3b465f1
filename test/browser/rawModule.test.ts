import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { recipeConfig } from "../../src/config/recipes.ts";
import { Training } from "../../src/dqn/training.ts";
import { createCore } from "../../src/kernels/core.ts";
import { chromiumPath, launchChromium, openPage } from "./chromium.ts";
import { serve } from "./serve.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const start = readme.indexOf("## The module alone");
const text = readme.slice(start, readme.indexOf("\n## ", start));
const kernels = readFileSync(new URL("../../build/release.wasm", import.meta.url));
const page = /```html\n(.*?)```/s.exec(text)?.[1] ?? "";

/** What the page shows, worked out by the js kernels. */
function shown(): string {
  const { buffer, kernels } = createCore("js", 1024);
  const state = new Float64Array(buffer, 0, 32);
  const force = new Float64Array(buffer, 256, 8);
  const terminated = new Uint32Array(buffer, 320, 8);
  const observation = new Float32Array(buffer, 352, 32);
  const weight = new Float32Array(buffer, 480, 8);
  const q = new Float32Array(buffer, 528, 16);
  weight.set([0, 0, 0, 0, 0.1, 0.3, 1, 1]);
  for (let k = 0; k < 32; k++) state[k] = ((k % 7) - 3) / 60;
  observation.set(state);
  for (let step = 0; step < 500; step++) {
    kernels.denseForward(528, 352, 480, 512, 2, 4, 8, -Infinity);
    for (let k = 0; k < 8; k++) force[k] = q[8 + k]! > q[k]! ? 10 : -10;
    kernels.cartPoleStep(0, 352, 320, 256, 8);
  }
  return `fallen: ${terminated}\npositions: ${observation.slice(0, 8)}`;
}

it.skipIf(chromiumPath === null)("the page that the README shows works as it stands", async () => {
  expect(page.trimEnd().split("\n").length).toBeLessThanOrEqual(30);
  const { close, url } = await serve({ "/index.html": page, "/core.wasm": kernels });
  const browser = await launchChromium();
  try {
    const opened = await openPage(browser);
    const failed = new Promise<string>((resolve) => {
      opened.on("pageerror", ({ message }) => resolve(message));
    });
    await opened.goto(url);
    const filled = opened.waitForFunction('document.querySelector("pre").textContent !== ""');
    const found = filled.then(() => opened.textContent("pre"));
    expect(await Promise.race([found, failed])).toBe(shown());
    expect(shown()).toMatch(/^fallen: 0,0,0,0,0,0,0,0\n/);
  } finally {
    await browser.close();
    close();
  }
});

it("the README's table has every function of the module, and no other", () => {
  const module = new WebAssembly.Module(kernels);
  const exported = WebAssembly.Module.exports(module).map(({ name }) => name);
  const cells = [...text.matchAll(/^\| (`.*?) \|/gm)].map(([, cell = ""]) => cell);
  expect(cells.join(" ").replaceAll("`", "").split(" ").toSorted()).toEqual(exported.toSorted());
  expect(WebAssembly.Module.imports(module)).toEqual([
    { module: "env", name: "memory", kind: "memory" },
  ]);
});

it("plans are as large as the README says", () => {
  const bytes = (recipe: string) => new Training(recipeConfig(recipe)).plan.bytes;
  expect(text).toContain(`The plan of \`solve\` is ${Math.round(bytes("solve") / 1e3)} kB`);
  expect(text).toContain(`is ${(bytes("stable-baselines3") / 1e6).toFixed(1)} MB`);
  expect(text).toContain(`${Math.round(kernels.length / 1e3)} kB of pure functions`);
});
