import type { Browser, Page } from "playwright-core";

/** Actions between the two measurements. */
const RESTARTS = 10;
const RECIPE_CHANGES = 20;
const RACES = 6;
/** Milliseconds for which each run trains before it is replaced. */
const RUN = 300;

/** Memory of the page's thread after a collection. */
export interface HeapUse {
  /** JavaScript heap, with array buffers and WebAssembly memories. */
  readonly bytes: number;
  readonly workers: number;
}

/** Scrolls to the parts whose code loads when they come near the screen. */
export async function showLater(page: Page): Promise<void> {
  for (const place of ["#inside-place", "#below-place"]) {
    await page.evaluate((id) => document.querySelector(id)?.scrollIntoView(), place);
    await page.waitForSelector(place, { state: "detached" });
  }
}

async function measure(page: Page): Promise<HeapUse> {
  await page.click("#train");
  await page.waitForTimeout(1000);
  const session = await page.context().newCDPSession(page);
  // A second collection frees what finalizers of the first one have released.
  for (let k = 0; k < 2; k++) await session.send("HeapProfiler.collectGarbage");
  const use = await session.send("Runtime.getHeapUsage");
  await session.detach();
  await page.click("#train");
  return { bytes: use.usedSize + use.backingStorageSize, workers: page.workers().length };
}

async function restart(page: Page, times: number): Promise<void> {
  for (let k = 0; k < times; k++) {
    await page.click("#reset");
    await page.waitForTimeout(RUN);
  }
}

/** Selects the presets in turn, and the first one at the end. */
async function changeRecipes(page: Page, times: number): Promise<void> {
  for (let k = 1; k <= times; k++) {
    await page.selectOption("#recipe", { index: k === times ? 0 : 1 + (k % 4) });
    await page.waitForTimeout(RUN);
  }
}

async function race(page: Page, times: number): Promise<void> {
  await page.selectOption("#race-length", "10000");
  for (let k = 0; k < times; k++) {
    await page.click("#race-start");
    await page.waitForSelector(".verdict[data-equal=true]");
  }
}

/**
 * Restarts, changes recipes and races. Returns the memory before and after it. The same actions come first once: what they compile is no
 * leak.
 */
export async function heapGrowth(
  browser: Browser,
  url: string,
): Promise<readonly [before: HeapUse, after: HeapUse]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(url);
  await page.waitForTimeout(1000);
  await showLater(page);
  const uses: HeapUse[] = [];
  for (let round = 0; round < 2; round++) {
    await race(page, RACES);
    await changeRecipes(page, RECIPE_CHANGES);
    await restart(page, RESTARTS);
    uses.push(await measure(page));
  }
  await page.close();
  return uses as [HeapUse, HeapUse];
}
