import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readPolicy } from "../../src/formats/policy.ts";
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
import { chromiumPath, launchChromium, openPage } from "./chromium.ts";
import { serve, strictPolicy } from "./serve.ts";

const built = new URL("../../build/web", import.meta.url).pathname;
const cli = new URL("../../build/node/main.js", import.meta.url).pathname;

describe.skipIf(chromiumPath === null)("the page", () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serve>>;
  let folder: string;
  let troubles: string[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
    server = await serve(built, { "content-security-policy": strictPolicy });
    folder = mkdtempSync(join(tmpdir(), "wasm-dqn-page-"));
  });
  afterAll(async () => {
    await browser.close();
    server.close();
    rmSync(folder, { recursive: true });
  });
  afterEach(() => {
    const found = troubles;
    troubles = [];
    expect(found).toEqual([]);
  });

  /** Opens the page. `prepare` changes it before it loads. */
  async function open(
    hash = "",
    options: BrowserContextOptions = {},
    prepare?: (page: Page) => Promise<void>,
  ): Promise<Page> {
    const page = await openPage(browser, options);
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") troubles.push(message.text());
    });
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("requestfailed", (request) => troubles.push(`${request.url()} failed`));
    await prepare?.(page);
    await page.goto(`${server.url}/${hash}`);
    await text(page, "#about").toMatch(/./);
    return page;
  }

  /** Polls the text of an element. */
  const text = (page: Page, selector: string) => expect.poll(() => page.textContent(selector));
  const number = (page: Page, selector: string) =>
    page.textContent(selector).then((shown) => Number(shown?.replaceAll(",", "")));
  const episodes = (page: Page) => expect.poll(() => number(page, "#episodes"));

  /** The address of a run that does not end during a test. */
  const endless = "#recipe=cleanrl&totalSteps=100000000000";

  async function download(page: Page, button: string): Promise<Buffer> {
    const [saved] = await Promise.all([page.waitForEvent("download"), page.click(button)]);
    return readFileSync(await saved.path());
  }

  it.each(["wasm", "js"])("solves `solve` on %s with Node's bits", async (backend) => {
    const page = await open(`#recipe=solve&seed=3&backend=${backend}`);
    await page.click("#train");
    await text(page, "#about").toMatch(/^Solved after/);
    const { tensors } = readPolicy(await download(page, "#save-policy"), "policy");
    const node = await train({ seed: 3 });
    expect(await weightsSha256(tensors)).toBe(await weightsSha256(node.weights()));
    await page.close();
  });

  it("does not offer wasm-fma, whose kernels are not loaded", async () => {
    const page = await open("#backend=wasm-fma");
    await text(page, "#notice").toContain("backend wasm-fma needs wasm-dqn/core-fma.wasm");
    const offered = page.locator("#field-backend option");
    expect(await offered.allTextContents()).toEqual(["wasm", "js"]);
    expect(await page.inputValue("#field-backend")).toBe("wasm");
    await page.close();
  });

  it("pauses, trains one episode, and saves a checkpoint that resumes in Node to the same bits", async () => {
    const page = await open("#recipe=tanh-64&seed=2&totalEpisodes=300");
    await page.click("#episode");
    await episodes(page).toBe(1);
    await page.selectOption("#pace", "slow");
    await page.click("#train");
    await episodes(page).toBeGreaterThan(5);
    await page.click("#train");
    await text(page, "#train").toBe("Train");
    await page.selectOption("#pace", "full");
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
    await episodes(page).toBe(0);
    await page.setInputFiles("#file", path);
    await episodes(page).toBeGreaterThan(5);
    await page.click("#train");
    await text(page, "#about").toMatch(/^Finished after/);
    const { tensors } = readPolicy(await download(page, "#save-policy"), "policy");
    expect(await weightsSha256(tensors)).toBe(sum);
    await page.close();
  });

  it("opens a checkpoint of the command line and shows its policy", async () => {
    const words =
      "train --seed 9 --total-steps 3000 --solved-by none --checkpoint-every 1000 --json";
    const values = [cli, ...words.split(" "), "--out", folder];
    const stdout = execFileSync(process.execPath, values, { encoding: "utf8", stdio: "pipe" });
    const { runDirectory: run } = JSON.parse(stdout) as { runDirectory: string };
    const page = await open();
    await page.setInputFiles("#file", join(run, "checkpoint.safetensors"));
    await text(page, "#about").toMatch(/^Finished after 3,000 steps/);
    await expect.poll(() => page.url()).toContain("seed=9");
    expect(await page.inputValue("#field-totalSteps")).toBe("3000");
    await page.setInputFiles("#file", join(run, "policy.safetensors"));
    await text(page, "#whose").toBe("policy.safetensors");
    await page.click("#own-policy");
    await text(page, "#whose").toBe("");
    await page.close();
  });

  it("reports a damaged file and continues training", async () => {
    const page = await open(endless);
    await page.click("#train");
    const training = new Training(recipeConfig("solve"));
    const whole = encodePolicy(training);
    for (const [name, buffer] of [
      ["cut.safetensors", Buffer.from(whole.subarray(0, whole.length - 40))],
      ["noise.safetensors", createHash("sha512").digest()],
      ["empty.safetensors", Buffer.alloc(0)],
    ] as const) {
      await page.setInputFiles("#file", { name, mimeType: "application/octet-stream", buffer });
      await text(page, "#notice").toContain(`${name} is not a readable safetensors file`);
    }
    const before = await number(page, "#steps");
    await expect.poll(() => number(page, "#steps")).toBeGreaterThan(before);
    expect(await page.textContent("#train")).toBe("Pause");
    await page.close();
  });

  it("writes the configuration to its address and reads it back", async () => {
    const page = await open("#recipe=soft-update&seed=12&hiddenSizes=16%2C16&gamma=0.9");
    expect(await page.inputValue("#recipe")).toBe("soft-update");
    expect(await page.inputValue("#seed")).toBe("12");
    await page.click("summary");
    expect(await page.inputValue("#field-hiddenSizes")).toBe("16,16");
    await page.fill("#field-tau", "0.01");
    await page.press("#field-tau", "Enter");
    await expect.poll(() => page.url()).toContain("tau=0.01");
    const again = await open(new URL(page.url()).hash);
    await again.click("summary");
    for (const [key, value] of Object.entries({ tau: "0.01", gamma: "0.9", batchSize: "64" })) {
      expect(await again.inputValue(`#field-${key}`)).toBe(value);
    }
    const wrong = await open("#recipe=solve&gamma=2");
    await text(wrong, "#notice").toBe("gamma in the address must be at most 1, got 2.");
    for (const each of [page, again, wrong]) await each.close();
  });

  it("marks an invalid value at its field with the schema's message", async () => {
    const page = await open();
    await page.click("summary");
    for (const [key, value, sentence] of [
      ["gamma", "1.5", "gamma must be at most 1, got 1.5."],
      ["hiddenSizes", "64,x", 'hiddenSizes.1 must be a number, got "x".'],
      ["batchSize", "5000", /^batchSize must be at most bufferSize, 2000/],
    ] as const) {
      await page.fill(`#field-${key}`, value);
      await page.press(`#field-${key}`, "Tab");
      expect(await page.textContent(`#error-${key}`)).toMatch(sentence);
      expect(await page.getAttribute(`#field-${key}`, "aria-invalid")).toBe("true");
      await page.fill(`#field-${key}`, key === "hiddenSizes" ? "32" : key === "gamma" ? "1" : "8");
      await page.press(`#field-${key}`, "Tab");
      expect(await page.textContent(`#error-${key}`)).toBe("");
    }
    await page.close();
  });

  it("races wasm against js, with equal bits", async () => {
    const page = await open();
    await page.selectOption("#race-recipe", "solve");
    await page.click("#race-start");
    const node = await weightsSha256((await train({ seed: 1 })).weights());
    const same = `the same weights, bit for bit: ${node.slice(0, 12)} ✓`;
    await text(page, ".verdict").toContain(same);
    await page.close();
  });

  const lasted = (page: Page) =>
    page.textContent("#shown").then((shown) => Number(/took (\d+)/.exec(shown ?? "")?.[1]));
  const step = (page: Page) =>
    page.textContent("#shown").then((shown) => Number(/step (\d+)/.exec(shown ?? "")?.[1]));

  /** Opens the page with a policy that balances the pole for a whole episode. */
  async function openSolved(): Promise<Page> {
    const page = await open();
    const path = join(folder, "solved.safetensors");
    writeFileSync(path, encodePolicy(await train({ seed: 1 })));
    await page.setInputFiles("#file", path);
    await text(page, "#whose").toBe("solved.safetensors");
    return page;
  }

  it("trains, pushes the cart and plays by keyboard alone", async () => {
    const page = await openSolved();
    const focused = () => page.evaluate(() => document.activeElement?.id ?? "");
    const reach = async (id: string) => {
      for (let k = 0; k < 60 && (await focused()) !== id; k++) await page.keyboard.press("Tab");
      expect(await focused()).toBe(id);
    };
    await reach("train");
    await page.keyboard.press("Enter");
    await text(page, "#about").toMatch(/^Solved after/);
    expect(await page.textContent("#live")).toMatch(/^Solved after/);
    await reach("yourself");
    await page.keyboard.press("Space");
    expect(await focused()).toBe("scene");
    expect(await page.getAttribute("#yourself", "aria-pressed")).toBe("true");
    await page.keyboard.down("ArrowRight");
    // With constant pushes in one direction the pole falls within 8 to 11 steps, without a key not before step 20.
    await expect.poll(() => lasted(page)).toBeLessThan(15);
    await page.keyboard.up("ArrowRight");
    await page.close();
  });

  it("a trained policy recovers from pushes, but not from dragging the cart away", async () => {
    const page = await openSolved();
    await page.focus("#scene");
    await expect.poll(() => step(page)).toBeGreaterThan(20);
    for (const key of ["ArrowLeft", "ArrowRight"]) await page.keyboard.press(key);
    // The episode lasts to its time limit despite the pushes.
    await expect.poll(() => lasted(page)).toBe(500);
    const { height, width, x, y } = (await page.locator("#picture").boundingBox())!;
    await page.mouse.move(x + 0.98 * width, y + height / 2);
    await page.mouse.down();
    // No policy can hold a cart that is dragged off its track.
    await expect.poll(() => lasted(page)).toBeLessThan(450);
    await page.mouse.up();
    await page.close();
  });

  it("opens a policy that is dropped onto it", async () => {
    const page = await open();
    const training = new Training(recipeConfig("solve"));
    const bytes = [...encodePolicy(training)];
    const transfer = await page.evaluateHandle((numbers) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(numbers)], "dropped.safetensors"));
      return data;
    }, bytes);
    await page.dispatchEvent("body", "dragover", { dataTransfer: transfer });
    await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
    await text(page, "#whose").toBe("dropped.safetensors");
    await page.close();
  });

  it("updates once a second with reduced motion", async () => {
    const page = await open("", { reducedMotion: "reduce" }, (opened) =>
      opened.clock.install({ time: 0 }),
    );
    // From here on the test controls the page's clock.
    await page.clock.pauseAt(24 * 3_600_000);
    const shown = new Set<string | null>();
    for (let tenths = 0; tenths < 30; tenths++) {
      shown.add(await page.textContent("#shown"));
      await page.clock.runFor(100);
    }
    // Three seconds: the first picture, and one per second.
    expect(shown.size).toBeGreaterThanOrEqual(3);
    expect(shown.size).toBeLessThanOrEqual(4);
    await page.close();
  });

  it("reports that WebAssembly is forbidden, and trains and opens files with the js kernels", async () => {
    const policy = { "content-security-policy": "default-src 'self'" };
    const plain = await serve(built, policy);
    const page = await openPage(browser);
    await page.goto(`${plain.url}/#backend=wasm`);
    await expect.poll(() => page.isVisible("#no-wasm")).toBe(true);
    expect(await page.textContent("#no-wasm")).toContain("This browser has no WebAssembly SIMD");
    await expect.poll(() => page.inputValue("#field-backend")).toBe("js");
    await page.click("#train");
    await text(page, "#about").toMatch(/^Solved after/);
    const training = new Training({ ...recipeConfig("solve"), seed: 77 });
    training.advance(500);
    const path = join(folder, "wasm.safetensors");
    writeFileSync(path, encodeCheckpoint(training, "solve"));
    await page.setInputFiles("#file", path);
    await expect.poll(() => page.inputValue("#seed")).toBe("77");
    const workers = page.workers().length;
    await page.click("#race-start");
    await text(page, "#notice").toContain("backend wasm needs WebAssembly SIMD");
    await text(page, ".verdict").toBe("The race did not finish.");
    await expect.poll(() => page.workers().length).toBe(workers);
    await page.close();
    plain.close();
  });

  it("stops a race and its workers", async () => {
    const page = await open(endless);
    await page.selectOption("#race-recipe", { label: "of the run above" });
    const workers = page.workers().length;
    await page.dblclick("#race-start");
    await text(page, "#race-start").toBe("Race");
    await page.click("#race-start");
    await text(page, "#race-start").toBe("Stop");
    await page.click("#race-start");
    await text(page, ".verdict").toBe("The race was stopped.");
    await expect.poll(() => page.workers().length).toBe(workers);
    await page.close();
  });

  it("keeps the current run if another configuration is invalid", async () => {
    const page = await open("#recipe=solve&batchSize=5000");
    await text(page, "#notice").toMatch(/^batchSize must be at most bufferSize, 2000/);
    expect(await page.inputValue("#recipe")).toBe("solve");
    expect(page.url()).not.toContain("batchSize");
    await page.click("#episode");
    await episodes(page).toBe(1);
    await page.evaluate(() => {
      location.hash = "#recipe=nope";
    });
    await text(page, "#notice").toMatch(/^recipe must be one of/);
    expect(await number(page, "#episodes")).toBe(1);
    await expect.poll(() => page.url()).toContain("recipe=solve");
    await page.click("summary");
    await page.fill("#field-batchSize", "5000");
    await page.press("#field-batchSize", "Tab");
    await text(page, "#error-batchSize").toMatch(/^batchSize must be at most/);
    await page.fill("#field-bufferSize", "10000");
    await page.press("#field-bufferSize", "Tab");
    await text(page, "#error-batchSize").toBe("");
    await expect.poll(() => page.url()).toContain("batchSize=5000&bufferSize=10000");
    await page.close();
  });

  it("trains without animation frames, as in a background tab, and updates the view later", async () => {
    const page = await openPage(browser);
    await page.addInitScript(() => {
      const waiting: FrameRequestCallback[] = [];
      const draw = window.requestAnimationFrame.bind(window);
      window.requestAnimationFrame = (callback) => waiting.push(callback);
      Object.assign(window, {
        show: () => {
          window.requestAnimationFrame = draw;
          for (const callback of waiting) draw(callback);
        },
      });
    });
    await page.goto(server.url);
    await text(page, "#about").toMatch(/./);
    await page.click("#train");
    await text(page, "#about").toMatch(/^Solved after 8,000 steps/);
    expect(await number(page, "#steps")).toBe(0);
    await page.evaluate(() => (window as unknown as { show(): void }).show());
    await expect.poll(() => number(page, "#steps")).toBe(8000);
    await page.close();
  });

  it.each([
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["narrow", { viewport: { width: 360, height: 740 } }],
  ] as const)(
    "has no serious accessibility findings and no horizontal scrolling: %s",
    async (_, options) => {
      const page = await open("", options);
      await page.click("#train");
      await text(page, "#about").toMatch(/^Solved after/);
      await page.click("summary");
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() =>
        (window as unknown as { axe: typeof axe }).axe.run(),
      );
      const serious = violations.filter(
        ({ impact }) => impact === "serious" || impact === "critical",
      );
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)).toEqual([]);
      await page.close();
    },
  );
});
