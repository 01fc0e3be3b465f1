import { readFileSync } from "node:fs";
import type { Browser, Frame, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { train, weightsSha256 } from "../../src/index.ts";
import "../kernels/relaxedSimd.ts";
import { chromiumPath, launchChromium, openPage, plainHost } from "./chromium.ts";
import { serve, strictPolicy } from "./serve.ts";

const file = (path: string) =>
  readFileSync(new URL(`../../build/browser/${path}`, import.meta.url), "utf8");
const files = {
  "/index.html": "<!doctype html><title>A page</title>",
  "/index.js": file("index.js"),
  "/worker.js": file("worker.js"),
  "/js-kernels.js": file("js-kernels.js"),
  "/core-fma.wasm": readFileSync(new URL("../../build/fma.wasm", import.meta.url)),
  "/one-line.js": 'import "./worker.js";',
  "/two-lines.js": 'import "./js-kernels.js"; import "./worker.js";',
};

describe.skipIf(chromiumPath === null)("the browser build", () => {
  let browser: Browser;
  const ends: (() => void)[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    for (const end of ends) end();
  });

  async function open(headers: Record<string, string> = {}): Promise<Page> {
    const { url, close } = await serve(files, headers);
    ends.push(close);
    const page = await openPage(browser);
    await page.goto(url);
    return page;
  }

  /** Trains in the page with createTrainer. `options` is source code that the page evaluates. */
  const trained = (page: Page | Frame, options: string) =>
    page.evaluate(`import("/index.js").then(async ({ createTrainer }) => {
      const trainer = await createTrainer({ recipe: "solve", seed: 5, ${options} });
      let snapshots = 0;
      trainer.on("snapshot", () => snapshots++);
      const { solved, steps, ended } = await trainer.run();
      const sha256 = await trainer.weightsSha256();
      trainer.dispose();
      return { solved, steps, snapshots, sha256 };
    })`);

  it("trains to Node's bits on both backends in a worker made from its own source", async () => {
    const page = await open();
    await page.evaluate('import("/js-kernels.js")');
    const node = await train({ seed: 5 });
    const sha256 = await weightsSha256(node.weights());
    for (const backend of ["wasm", "js"]) {
      const found = await trained(page, `backend: "${backend}"`);
      expect(found).toEqual({
        solved: true,
        steps: node.steps,
        snapshots: expect.any(Number),
        sha256,
      });
    }
  });

  it("hashes the weights over plain http and in a sandboxed frame, without crypto.subtle", async () => {
    const page = await open({ "access-control-allow-origin": "*" });
    const url = page.url().replace("127.0.0.1", plainHost);
    await page.goto(url);
    expect(await page.evaluate("isSecureContext")).toBe(false);
    const sha256 = await weightsSha256((await train({ seed: 5 })).weights());
    expect(await trained(page, "")).toMatchObject({ sha256 });
    await page.evaluate(`new Promise((resolve) => {
      const frame = document.createElement("iframe");
      frame.sandbox = "allow-scripts";
      frame.src = "${url}";
      frame.onload = resolve;
      document.body.append(frame);
    })`);
    const frame = page.frames()[1]!;
    expect(await frame.evaluate("[origin, typeof crypto.subtle]")).toEqual(["null", "undefined"]);
    expect(await trained(frame, "")).toMatchObject({ sha256 });
  });

  it("records the same curves whatever the speed and the interval of snapshots", async () => {
    const page = await open();
    const curves = (interval: number, speed: number) =>
      page.evaluate(`import("/index.js").then(async ({ createTrainer }) => {
        const points = [];
        const trainer = await createTrainer({ seed: 5, snapshotInterval: ${interval} });
        trainer.on("snapshot", (snapshot) => points.push(...snapshot.points));
        await trainer.setSpeed(${speed});
        await trainer.run();
        trainer.dispose();
        return points;
      })`);
    const fast = (await curves(1000, Infinity)) as unknown[];
    expect(fast.length).toBeGreaterThan(100);
    expect(await curves(0, 20_000)).toEqual(fast);
  });

  it("trains in the page's worker file and in the page itself under a strict CSP", async () => {
    const page = await open({ "content-security-policy": strictPolicy });
    const own = 'worker: new Worker("/one-line.js", { type: "module" })';
    expect(await trained(page, own)).toMatchObject({ solved: true });
    expect(await trained(page, "worker: false")).toMatchObject({ solved: true });
  });

  it("needs js-kernels.js for the backend js, in the thread that trains", async () => {
    const page = await open();
    const js = 'backend: "js"';
    const own = `${js}, worker: new Worker("/one-line.js", { type: "module" })`;
    const message = /backend js needs the module wasm-dqn\/js-kernels: load it first\./;
    for (const options of [js, `${js}, worker: false`, own]) {
      await expect(trained(page, options)).rejects.toThrow(message);
    }
    await page.evaluate('import("/js-kernels.js")');
    const both = own.replace("one-line", "two-lines");
    for (const options of [js, `${js}, worker: false`, both]) {
      expect(await trained(page, options)).toMatchObject({ solved: true });
    }
  });

  it("reports what a CSP forbids", async () => {
    const page = await open({ "content-security-policy": strictPolicy });
    await expect(trained(page, "")).rejects.toThrow(/worker.*CSP|Content Security Policy/);
  });

  it("trains on wasm-fma to Node's bits after loadCore, in the page and in its worker", async () => {
    const page = await open();
    await expect(trained(page, 'backend: "wasm-fma"')).rejects.toThrow("call loadCore first");
    const node = await train({ seed: 5, backend: "wasm-fma" });
    const sha256 = await weightsSha256(node.weights());
    const wasm = 'backend: "wasm-fma", wasm: "/core-fma.wasm"';
    expect(await trained(page, wasm)).toMatchObject({ sha256 });
    await page.evaluate('import("/index.js").then(({ loadCore }) => loadCore("/core-fma.wasm"))');
    expect(await trained(page, 'backend: "wasm-fma"')).toMatchObject({ sha256 });
    expect(await trained(page, 'backend: "wasm-fma", worker: false')).toMatchObject({ sha256 });
  });

  it("leaves no worker and no memory behind after 10 restarts and 6 races", async () => {
    const page = await open();
    await page.evaluate('import("/js-kernels.js")');
    const session = await page.context().newCDPSession(page);
    const heap = async () => {
      await session.send("HeapProfiler.collectGarbage");
      return (await session.send("Runtime.getHeapUsage")).usedSize;
    };
    /** Makes trainers that train and answer at the same time, and disposes of them while they train. */
    const together = (...backends: string[]) =>
      page.evaluate(`import("/index.js").then(({ createTrainer }) =>
        Promise.all(${JSON.stringify(backends)}.map(async (backend) => {
          const trainer = await createTrainer({ backend, timelineInterval: 10 });
          trainer.on("snapshot", ({ current }) => current.length);
          await trainer.run({ episodes: 3 });
          await trainer.qValues(new Float32Array(400));
          await trainer.setSpeed(100);
          trainer.run().catch(() => {});
          await trainer.policyAt(10);
          trainer.dispose();
        })))`);
    await together("wasm", "js");
    const before = await heap();
    for (let restart = 0; restart < 10; restart++) await together("wasm");
    for (let race = 0; race < 6; race++) await together("wasm", "js");
    expect(await heap()).toBeLessThan(1.1 * before);
    await expect.poll(() => page.workers().length).toBe(0);
  });

  it("loads the kernels from a URL, and reports a URL without them", async () => {
    const page = await open();
    await expect(trained(page, 'wasm: "/missing.wasm"')).rejects.toThrow(
      "wasm could not be loaded: 404 Not Found.",
    );
  });
});
