import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

function findChromium(): string | null {
  const candidates = [process.env.CHROMIUM, ...installed, chromium.executablePath()];
  return candidates.find((path) => path !== undefined && path !== "" && existsSync(path)) ?? null;
}

/** Path of Chromium; null if it is not installed, which skips the browser tests. */
export const chromiumPath = findChromium();

/** No timeouts here: the test's timeout ends a hang. */
const timeout = 280_000;

/** Name of this machine that is no secure context over http, unlike 127.0.0.1: there is no `crypto.subtle`. */
export const plainHost = "plain.test";

export async function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath ?? "";
  const args = ["--no-sandbox", `--host-resolver-rules=MAP ${plainHost} 127.0.0.1`];
  return chromium.launch({ executablePath, args, timeout });
}

export async function openPage(browser: Browser, options?: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(timeout);
  return page;
}
