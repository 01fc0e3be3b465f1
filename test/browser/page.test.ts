// The demo page trains, saves and opens what Node trains, saves and opens.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPolicy } from "../../src/formats/policy.ts";
import { Snake } from "../../src/games/index.ts";
import {
  encodeCheckpoint,
  encodePolicy,
  readCheckpoint,
  recipeConfig,
  resumeTraining,
  Training,
  train,
  weightsSha256,
} from "../../src/index.ts";
import { chromiumPath, openPage } from "./chromium.ts";
import {
  builtPage,
  DemoPage,
  endless,
  finish,
  loadLater,
  numberIn,
  numberOf,
  textOf,
} from "./demoPage.ts";
import { serve } from "./serve.ts";

const cli = new URL("../../build/node/main.js", import.meta.url).pathname;

describe.skipIf(chromiumPath === null)("the page's runs and files", () => {
  const demo = new DemoPage();
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-dqn-page-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function download(page: Page, button: string): Promise<Buffer> {
    const [saved] = await Promise.all([page.waitForEvent("download"), page.click(button)]);
    return readFileSync(await saved.path());
  }

  /** SHA-256 of the weights of the page's policy. */
  async function weightsOf(page: Page): Promise<string> {
    return weightsSha256(readPolicy(await download(page, "#save-policy"), "policy").tensors);
  }

  it.each(["wasm", "js"])("solves `solve` on %s with Node's bits", async (backend) => {
    const page = await demo.open(`#recipe=solve&seed=3&backend=${backend}`);
    await finish(page);
    const node = await train({ seed: 3 });
    expect(await weightsOf(page)).toBe(await weightsSha256(node.weights()));
    await page.close();
  });

  it("trains a game in its worker, with Node's bits", async () => {
    const page = await demo.open("#env=Snake&recipe=general&totalSteps=1500&solvedBy=none");
    await finish(page);
    const node = await train({
      recipe: "general",
      totalSteps: 1500,
      solvedBy: "none",
      environment: Snake,
    });
    expect(await weightsOf(page)).toBe(await weightsSha256(node.weights()));
    await page.setInputFiles("#file", {
      name: "snake.safetensors",
      mimeType: "application/octet-stream",
      buffer: Buffer.from(encodePolicy(node)),
    });
    await textOf(page, "#whose").toBe("snake.safetensors");
    await page.close();
  });

  it("pauses, and saves a checkpoint that resumes in Node to the same bits", async () => {
    const page = await demo.open("#recipe=tanh-64&seed=2&totalEpisodes=300");
    await page.click("#train");
    await numberOf(page, "#episodes").toBeGreaterThan(5);
    await page.click("#train");
    await textOf(page, "#train").toBe("Play");
    const path = join(folder, "checkpoint.safetensors");
    writeFileSync(path, await download(page, "#save-run"));
    const resumed = resumeTraining(readCheckpoint(readFileSync(path), path));
    expect(resumed.episodes).toBeGreaterThan(5);
    while (!resumed.advance(10_000));
    const whole = new Training({ ...recipeConfig("tanh-64"), seed: 2, totalEpisodes: 300 });
    while (!whole.advance(10_000));
    const sum = await weightsSha256(whole.weights());
    expect(await weightsSha256(resumed.weights())).toBe(sum);

    await page.click("#reset");
    await numberOf(page, "#episodes").toBe(0);
    await page.setInputFiles("#file", path);
    await numberOf(page, "#episodes").toBeGreaterThan(5);
    await finish(page);
    expect(await weightsOf(page)).toBe(sum);
    await page.close();
  });

  it("opens a checkpoint of the command line and shows its policy", async () => {
    const words =
      "train --seed 9 --total-steps 3000 --solved-by none --checkpoint-every 1000 --json";
    const values = [cli, ...words.split(" "), "--out", folder];
    const stdout = execFileSync(process.execPath, values, { encoding: "utf8", stdio: "pipe" });
    const { runDirectory: run } = JSON.parse(stdout) as { runDirectory: string };
    const page = await demo.open();
    await page.setInputFiles("#file", join(run, "checkpoint.safetensors"));
    await textOf(page, "#about").toMatch(/^Finished after 3,000 steps/);
    await expect.poll(() => page.url()).toContain("seed=9");
    await page.click("#advanced summary");
    expect(await page.inputValue("#field-totalSteps")).toBe("3000");
    await page.setInputFiles("#file", join(run, "policy.safetensors"));
    await textOf(page, "#whose").toBe("policy.safetensors");
    await page.click("#own-policy");
    await expect.poll(() => page.locator("#whose").count()).toBe(0);
    await page.close();
  });

  it("reports a damaged file and continues training", async () => {
    const page = await demo.open(endless);
    await page.click("#train");
    const whole = encodePolicy(new Training(recipeConfig("solve")));
    for (const [name, buffer] of [
      ["cut.safetensors", Buffer.from(whole.subarray(0, whole.length - 40))],
      ["noise.safetensors", createHash("sha512").digest()],
      ["empty.safetensors", Buffer.alloc(0)],
    ] as const) {
      await page.setInputFiles("#file", { name, mimeType: "application/octet-stream", buffer });
      await textOf(page, "#notice").toContain(`${name} is not a readable safetensors file`);
    }
    const before = await numberIn(page, "#steps");
    await numberOf(page, "#steps").toBeGreaterThan(before);
    expect(await page.textContent("#train")).toBe("Pause");
    await page.close();
  });

  it("opens a policy that is dropped onto it", async () => {
    const page = await demo.open();
    const bytes = [...encodePolicy(new Training(recipeConfig("solve")))];
    const transfer = await page.evaluateHandle((numbers) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(numbers)], "dropped.safetensors"));
      return data;
    }, bytes);
    await page.dispatchEvent("body", "dragover", { dataTransfer: transfer });
    await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
    await textOf(page, "#whose").toBe("dropped.safetensors");
    await page.close();
  });

  it("races wasm against js, with equal bits, and forgets the numbers with a moved slider and with the next run", async () => {
    const page = await demo.open();
    await page.selectOption("#race-length", "10000");
    await page.click("#race-start");
    const node = await train({ solvedBy: "none", evalEvery: null, totalSteps: 10_000 });
    const sum = (await weightsSha256(node.weights())).slice(0, 16);
    await textOf(page, ".verdict").toContain(`SHA-256 of the weights: ${sum} ✓`);
    await page.focus("#live-gamma");
    await page.keyboard.press("Home");
    await textOf(page, ".verdict").toMatch(/^Both train this run/);
    await page.click("#race-start");
    const changed = await train({
      solvedBy: "none",
      evalEvery: null,
      totalSteps: 10_000,
      gamma: 0,
    });
    const other = (await weightsSha256(changed.weights())).slice(0, 16);
    await textOf(page, ".verdict").toContain(`SHA-256 of the weights: ${other} ✓`);
    await page.selectOption("#recipe", { label: "CleanRL's values" });
    await textOf(page, ".verdict").toMatch(/^Both train this run/);
    await textOf(page, "[data-backend=wasm] .clock").toBe("0.00 s");
    await page.close();
  });

  it("stops a race and its workers", async () => {
    const page = await demo.open(endless);
    const workers = page.workers().length;
    await page.selectOption("#race-length", "1000000");
    await page.dblclick("#race-start");
    await textOf(page, "#race-start").toBe("Race");
    await page.click("#race-start");
    await textOf(page, "#race-start").toBe("Stop");
    await page.click("#race-start");
    await textOf(page, ".verdict").toMatch(/^The race was stopped\./);
    await expect.poll(() => page.workers().length).toBe(workers);
    await page.close();
  });

  it("reports that WebAssembly is forbidden, and trains and opens files with the js kernels", async () => {
    const policy = { "content-security-policy": "default-src 'self'" };
    const plain = await serve(builtPage, policy);
    const page = await openPage(demo.browser, { reducedMotion: "reduce" });
    await page.goto(`${plain.url}/#backend=wasm`);
    await textOf(page, "#no-wasm").toContain("This browser has no WebAssembly SIMD");
    await expect.poll(() => page.url()).toContain("backend=js");
    await finish(page);
    await loadLater(page);
    const training = new Training({ ...recipeConfig("solve"), seed: 77 });
    training.advance(500);
    const path = join(folder, "wasm.safetensors");
    writeFileSync(path, encodeCheckpoint(training, "solve"));
    await page.setInputFiles("#file", path);
    await expect.poll(() => page.inputValue("#seed")).toBe("77");
    const workers = page.workers().length;
    await page.click("#race-start");
    await textOf(page, "#notice").toContain("backend wasm needs WebAssembly SIMD");
    await textOf(page, ".verdict").toMatch(/^The race did not finish\./);
    await expect.poll(() => page.workers().length).toBe(workers);
    await page.close();
    plain.close();
  });

  it("trains without animation frames, as in a background tab, and updates the view later", async () => {
    const page = await demo.open("", {}, (opened) =>
      opened.addInitScript(() => {
        const waiting: FrameRequestCallback[] = [];
        const draw = window.requestAnimationFrame.bind(window);
        window.requestAnimationFrame = (callback) => waiting.push(callback);
        Object.assign(window, {
          show: () => {
            window.requestAnimationFrame = draw;
            for (const callback of waiting) draw(callback);
          },
        });
      }),
    );
    await finish(page);
    await page.evaluate(() => (window as unknown as { show(): void }).show());
    await numberOf(page, "#steps").toBe(8000);
    await page.close();
  });
});
