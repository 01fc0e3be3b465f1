// npm run bench:page: measures the demo page in the Chromium that verify:engines finds.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { preview } from "vite";
import { chromium as installed } from "../engines/browsers.ts";

const SECONDS = 5;
const desktop = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };
const recipes = ["solve", "tanh-64", "stable-baselines3"] as const;

/** Bytes after gzip -9 of a file and of the files in the same folder that it names, each once. Without MinAtar's, which load with its tabs. */
function wireBytes(folder: string, file: string, seen = new Set<string>()): number {
  if (seen.has(file)) return 0;
  seen.add(file);
  const bytes = readFileSync(join(folder, file));
  const names = bytes
    .toString()
    .matchAll(/["'`](?:\.\/|\.\.\/)?((?:assets\/)?[\w-]+\.(?:css|js))["'`]/g);
  const files = [...names].map(([, name = ""]) =>
    existsSync(join(folder, name)) ? name : `assets/${name}`,
  );
  const known = files.filter((name) => !/minAtar/i.test(name) && existsSync(join(folder, name)));
  const others = known.reduce((sum, name) => sum + wireBytes(folder, name, seen), 0);
  return gzipSync(bytes, { level: 9 }).length + others;
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
): Promise<{ page: Page; record: Record }> {
  const page = await browser.newPage(options);
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: throttle });
  await page.addInitScript(recordStart);
  await page.goto(url);
  await page.waitForTimeout(4000);
  const record = await page.evaluate(() => (window as unknown as { record: Record }).record);
  return { page, record };
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run().then((result) => result.violations),
  );
  return found.map(({ id }) => id);
}

const row = (...cells: (string | number)[]) => console.log(`| ${cells.join(" | ")} |`);

const server = await preview({ configFile: "src/web/vite.config.ts", preview: { port: 0 } });
const url = server.resolvedUrls?.local[0] ?? "";
const browser = await chromium.launch({
  executablePath: await installed.locate(),
  args: ["--no-sandbox"],
});

row("figure", "measured", "goal");
row("---", "---", "---");
row(
  "page and worker, gzip",
  `${(wireBytes("build/web", "index.html") / 1000).toFixed(1)} kB`,
  "110 kB",
);
for (const [name, viewport, throttle, goal] of [
  ["desktop", desktop, 1, "0.5 s"],
  ["desktop, CPU throttled 6x", desktop, 6, "2 s"],
  ["phone", phone, 1, "0.5 s"],
] as const) {
  const { page, record } = await start(browser, url, { viewport }, throttle);
  row(`stage moves after, ${name}`, `${(record.moving / 1000).toFixed(2)} s`, goal);
  row(`layout shift, ${name}`, record.shift.toFixed(3), "0.02");
  if (throttle === 1) {
    row(`axe violations, ${name}`, (await violations(page)).join(", ") || 0, 0);
  }
  await page.close();
}

row("while it trains at full speed", "median, 95th percentile, slowest frame", "95th: 16.8 ms");
for (const recipe of recipes) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1500 } });
  await page.goto(`${url}#recipe=${recipe}&solvedBy=none&totalSteps=100000000&totalEpisodes=none`);
  await page.waitForTimeout(1000);
  await page.click("#skip");
  await page.waitForTimeout(500);
  const { longTasks, times } = await page.evaluate(watchFrames, 1000 * SECONDS);
  times.sort((a, b) => a - b);
  const at = (fraction: number) => times[Math.round(fraction * (times.length - 1))]!.toFixed(1);
  const tasks = `${longTasks.length} tasks over 50 ms`;
  row(`\`${recipe}\``, `${at(0.5)}, ${at(0.95)}, ${at(1)} ms; ${tasks}`, "0 tasks");
  await page.close();
}
await browser.close();
await server.close();
