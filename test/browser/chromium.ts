import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

function findChromium(): string | null {
  const candidates = [process.env.CHROMIUM, ...installed, chromium.executablePath()];
  return candidates.find((path) => path !== undefined && path !== "" && existsSync(path)) ?? null;
}

/** As root on Debian its own package, elsewhere Playwright's. */
function getChromium(): void {
  const run = (program: string, ...values: string[]) => {
    try {
      execFileSync(program, values, { stdio: "ignore", timeout: 300_000 });
    } catch {
      // It is looked for again; what cannot be had is said then.
    }
  };
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    run("apt-get", "update", "-qq");
    run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium");
  } else {
    run("npx", "playwright-core", "install", "chromium");
  }
}

/** Before all tests: gets a Chromium where there is none, and says so loudly where none can be had. In CI that is a failure. */
export default function setup(): void {
  if (findChromium() === null) getChromium();
  if (findChromium() !== null) return;
  const reason =
    "NO CHROMIUM: the browser tests are skipped. Install Debian's chromium, or set CHROMIUM to one's path.";
  if (process.env.CI) throw new Error(reason);
  console.error(`\n${reason}\n`);
}

/** Where Chromium is; null where the browser tests are to be skipped. */
export const chromiumPath = findChromium();

export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath ?? "", args: ["--no-sandbox"] });
}
