// npm run bench:page: measures the frame times of the page while it trains, in the Chromium that verify:engines finds.
import { chromium } from "playwright-core";
import { preview } from "vite";
import { chromium as installed } from "../engines/browsers.ts";

const SECONDS = 5;
const runs = ["tanh-64", "soft-update", "stable-baselines3"] as const;

interface Frames {
  readonly times: number[];
  readonly longTasks: number[];
}

/** Runs in the page. Returns the milliseconds between frames, and those of tasks longer than 50 ms. */
function watch(milliseconds: number): Promise<Frames> {
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

const server = await preview({ configFile: "src/web/vite.config.ts", preview: { port: 0 } });
const url = server.resolvedUrls?.local[0] ?? "";
const browser = await chromium.launch({
  executablePath: await installed.locate(),
  args: ["--no-sandbox"],
});
console.log("| while it trains | frames | median | 95th percentile | slowest | tasks over 50 ms |");
console.log("|---|---|---|---|---|---|");
for (const recipe of runs) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1500 } });
  await page.goto(`${url}#recipe=${recipe}&solvedBy=none&totalSteps=100000000&totalEpisodes=none`);
  await page.waitForTimeout(1000);
  await page.click("#train");
  await page.waitForTimeout(500);
  const { longTasks, times } = await page.evaluate(watch, 1000 * SECONDS);
  times.sort((a, b) => a - b);
  const at = (fraction: number) => times[Math.round(fraction * (times.length - 1))]!.toFixed(1);
  console.log(
    `| \`${recipe}\` | ${times.length} | ${at(0.5)} ms | ${at(0.95)} ms | ${at(1)} ms | ${longTasks.length} |`,
  );
  await page.close();
}
await browser.close();
await server.close();
