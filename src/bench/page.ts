// npm run bench:page: measures the demo page in the Chromium that verify:engines finds. With `-- --lighthouse PATH`, also by Lighthouse.
import { gzipSync } from "node:zlib";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { preview } from "vite";
import { chromium as installed } from "../engines/browsers.ts";
import { readFlags } from "./flags.ts";
import { heapGrowth, showLater } from "./pageHeap.ts";
import { lighthouseCommand, lighthouseScores } from "./pageLighthouse.ts";

const SECONDS = 5;
const BREAKOUT_SCORE = 5;
const desktop = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };
const recipes = ["solve", "tanh-64", "stable-baselines3"] as const;

/** Sizes after gzip -9 of all files that a page and its workers have requested, by their addresses. */
function watchSizes(page: Page): ReadonlyMap<string, Promise<number>> {
  const sizes = new Map<string, Promise<number>>();
  page.context().on("response", (response) => {
    const size = response.body().then((body) => gzipSync(body, { level: 9 }).length);
    sizes.set(response.url(), size);
  });
  return sizes;
}

async function kilobytes(sizes: ReadonlyMap<string, Promise<number>>): Promise<string> {
  const all = await Promise.all(sizes.values());
  return `${(all.reduce((sum, size) => sum + size) / 1000).toFixed(1)} kB`;
}

interface Frames {
  readonly times: number[];
  readonly longTasks: number[];
}

/** Runs in the page. Returns the milliseconds between frames, and those of tasks longer than 50 ms. */
function watchFrames(milliseconds: number): Promise<Frames> {
  const times: number[] = [];
  const longTasks: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTasks.push(duration);
  });
  observer.observe({ type: "longtask" });
  return new Promise((resolve) => {
    const start = performance.now();
    let last = start;
    const frame = (now: number) => {
      times.push(now - last);
      last = now;
      if (now - start < milliseconds) requestAnimationFrame(frame);
      else resolve({ times: times.slice(1), longTasks });
    };
    requestAnimationFrame(frame);
  });
}

/** Runs in the page before its scripts: records layout shifts, and when the number of steps on the stage first changes. */
function recordStart(): void {
  const record = { shift: 0, moving: Number.NaN };
  Object.assign(window, { record });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      record.shift += (entry as PerformanceEntry & { value: number }).value;
    }
  }).observe({ type: "layout-shift", buffered: true });
  const look = () => {
    const shown = document.querySelector("#shown")?.textContent ?? "";
    if (/step [1-9]|after/.test(shown)) record.moving = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

type Record = { readonly shift: number; readonly moving: number };

/** Opens the page, learns for some seconds and returns what `recordStart` recorded. */
async function start(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
  throttle = 1,
): Promise<{ page: Page; record: Record; sizes: ReadonlyMap<string, Promise<number>> }> {
  const page = await browser.newPage(options);
  const sizes = watchSizes(page);
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: throttle });
  await page.addInitScript(recordStart);
  await page.goto(url);
  await page.waitForTimeout(4000);
  const record = await page.evaluate(() => (window as unknown as { record: Record }).record);
  return { page, record, sizes };
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run().then((result) => result.violations),
  );
  return found.map(({ id }) => id);
}

/** Opens the page with a run and trains it at full speed. */
async function fullSpeed(hash: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1500 } });
  await page.goto(`${url}#${hash}`);
  await page.waitForTimeout(1000);
  await page.click("#skip");
  await page.waitForTimeout(500);
  return page;
}

/** Milliseconds between the frames of some seconds: the median, the 95th percentile and the slowest; and the number of long tasks. */
async function frames(page: Page): Promise<string> {
  const { longTasks, times } = await page.evaluate(watchFrames, 1000 * SECONDS);
  times.sort((a, b) => a - b);
  const at = (fraction: number) => times[Math.round(fraction * (times.length - 1))]!.toFixed(1);
  return `${at(0.5)}, ${at(0.95)}, ${at(1)} ms; ${longTasks.length} tasks over 50 ms`;
}

const row = (...cells: (string | number)[]) => console.log(`| ${cells.join(" | ")} |`);

const { lighthouse } = readFlags({ lighthouse: { type: "string" } });
const command = lighthouse === undefined ? null : lighthouseCommand(lighthouse);
const executablePath = await installed.locate();
const server = await preview({ configFile: "src/web/vite.config.ts", preview: { port: 0 } });
const url = server.resolvedUrls?.local[0] ?? "";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

row("figure", "measured", "goal");
row("---", "---", "---");
for (const [name, viewport, throttle, goal] of [
  ["desktop", desktop, 1, "0.5 s"],
  ["desktop, CPU throttled 6x", desktop, 6, "2 s"],
  ["phone", phone, 1, "0.5 s"],
] as const) {
  const { page, record, sizes } = await start(browser, url, { viewport }, throttle);
  if (throttle === 1)
    row(`first screen and worker, gzip, ${name}`, await kilobytes(sizes), "110 kB");
  row(`stage moves after, ${name}`, `${(record.moving / 1000).toFixed(2)} s`, goal);
  row(`layout shift, ${name}`, record.shift.toFixed(3), "0.02");
  if (throttle === 1) {
    await showLater(page);
    row(`with the parts below, ${name}`, await kilobytes(sizes), "");
    row(`axe violations, ${name}`, (await violations(page)).join(", ") || 0, 0);
  }
  await page.close();
}

if (command !== null) {
  for (const device of ["desktop", "phone"] as const) {
    const scores: string[] = [];
    for (const path of ["", "records/index.html", "embed.html"]) {
      const { accessibility, ...others } = await lighthouseScores(
        command,
        executablePath,
        url + path,
        device,
      );
      scores.push(`${accessibility} and ${others["best-practices"]}`);
    }
    row(
      `Lighthouse: accessibility and best practices; page, records, embed, ${device}`,
      scores.join("; "),
      100,
    );
  }
}
const [before, after] = await heapGrowth(browser, url);
const growth = (100 * (after.bytes - before.bytes)) / before.bytes;
row(
  "heap after 10 restarts, 20 recipe changes, 6 races",
  `${(before.bytes / 1e6).toFixed(2)} to ${(after.bytes / 1e6).toFixed(2)} MB (${growth.toFixed(1)}%), ${after.workers} workers`,
  "10%, 2 workers",
);

row("while it trains at full speed", "median, 95th percentile, slowest frame", "95th: 16.8 ms");
for (const recipe of recipes) {
  const hash = `recipe=${recipe}&solvedBy=none&totalSteps=100000000&totalEpisodes=none`;
  const page = await fullSpeed(hash);
  row(`\`${recipe}\``, await frames(page), "0 tasks");
  await page.close();
}
const begin = performance.now();
const page = await fullSpeed("env=MinAtar/Breakout-v0");
row("`minatar-pqn`, Breakout", await frames(page), "0 tasks");
await page.waitForFunction(
  (score) => Number(document.querySelector("#test")?.textContent) >= score,
  BREAKOUT_SCORE,
  { timeout: 600_000 },
);
const seconds = ((performance.now() - begin) / 1000).toFixed(0);
row(`a test score of ${BREAKOUT_SCORE} in Breakout after`, `${seconds} s`, "180 s");
await browser.close();
await server.close();
