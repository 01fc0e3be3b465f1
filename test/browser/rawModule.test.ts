import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { recipeConfig } from "../../src/config/recipes.ts";
import { Training } from "../../src/dqn/training.ts";
import { createCore } from "../../src/kernels/core.ts";
import { assemblySignatures, kernelFiles } from "../kernels/signatures.ts";
import { chromiumPath, launchChromium, openPage } from "./chromium.ts";
import { serve } from "./serve.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const text = readFileSync(`${root}docs/wasm-module.md`, "utf8");
const kernels = readFileSync(`${root}build/release.wasm`);
const [program = "", fetched = ""] = [...text.matchAll(/```js\n(.*?)```/gs)].map(
  ([, code]) => code,
);

/** Expected output of the example, computed with the js kernels. */
function expected(): string {
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
  return `terminated: ${terminated}\npositions: ${observation.slice(0, 8)}`;
}

it("the example in docs/wasm-module.md balances eight carts in Node", () => {
  expect(program.trimEnd().split("\n").length).toBeLessThanOrEqual(40);
  const input = ["--input-type=module", "--eval", program];
  const output = execFileSync(process.execPath, input, { cwd: root, encoding: "utf8" });
  expect(output.trimEnd()).toBe(expected());
  expect(output).toMatch(/^terminated: 0,0,0,0,0,0,0,0\n/);
});

it.skipIf(chromiumPath === null)("the example balances the same carts in a page", async () => {
  const [importLine, readLine, ...rest] = program.split("\n");
  expect(`${importLine}${readLine}`).toMatch(/^import .*const bytes = /);
  const page = `<!doctype html><script type="module">${[fetched, ...rest].join("\n")}</script>`;
  const { close, url } = await serve({ "/index.html": page, "/core.wasm": kernels });
  const browser = await launchChromium();
  try {
    const opened = await openPage(browser);
    const printed = new Promise<string>((resolve) => {
      opened.on("pageerror", ({ message }) => resolve(message));
      opened.on("console", (message) => {
        if (message.type() === "log") resolve(message.text());
      });
    });
    await opened.goto(url);
    expect(await printed).toBe(expected());
  } finally {
    await browser.close();
    close();
  }
});

it("the table in docs/wasm-module.md lists the module's functions with their parameters", () => {
  const module = new WebAssembly.Module(kernels);
  const exported = WebAssembly.Module.exports(module).map(({ name }) => name);
  const listed = [...text.matchAll(/^\| `(.*?)` \|/gm)].map(([, cell = ""]) => cell);
  expect(listed).toEqual([...kernelFiles().flatMap(assemblySignatures), "run(programPtr)"]);
  expect(listed.map((cell) => cell.replace(/\(.*/, "")).toSorted()).toEqual(exported.toSorted());
});

it("memory plans have the sizes that docs/wasm-module.md states", () => {
  const { bytes, replay } = new Training(recipeConfig("solve")).plan;
  const large = new Training(recipeConfig("stable-baselines3")).plan.bytes;
  expect(text).toContain(`The plan of \`solve\` is ${Math.round(bytes / 1e3)} kB`);
  expect(text).toContain(`replay buffer takes ${Math.round((4 * replay.table.length) / 1e3)} kB`);
  expect(text.replaceAll("\n", " ")).toContain(`is ${(large / 1e6).toFixed(1)} MB`);
  expect(text).toContain(`${Math.round(kernels.length / 1e3)} kB of pure functions`);
});
