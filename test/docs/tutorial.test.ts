// The tutorial docs/a-bot-for-your-game.md, followed word for word in an empty folder with the packed package.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launchChromium, openPage } from "../browser/chromium.ts";
import { serve } from "../browser/serve.ts";
import { packPackage } from "../packedPackage.ts";
import { root, samples } from "./markdown.ts";

const steps = samples().filter(({ page }) => page === "docs/a-bot-for-your-game.md");

let folder: string;
let output: string;

/**
 * A shell script of all steps. Only `npm install` is replaced: it unpacks the tarball and links the one dependency, so that the test
 * needs no network.
 */
function scriptOf(tarball: string): string {
  const install = [
    "npm() {",
    '  if [ "$1" != install ]; then command npm "$@"; return; fi',
    "  mkdir -p node_modules/.bin node_modules/wasm-dqn",
    `  tar -xzf ${tarball} --strip-components 1 -C node_modules/wasm-dqn`,
    `  ln -s ${join(root, "node_modules/jiti")} node_modules/jiti`,
    "  ln -s ../wasm-dqn/build/node/main.js node_modules/.bin/wasm-dqn",
    "  chmod +x node_modules/wasm-dqn/build/node/main.js",
    "}",
  ];
  const commands = steps.map(({ code, language }) => {
    if (language === "sh") return code;
    const file = language === "html" ? "index.html" : /^\/\/ ([\w.]+):/.exec(code)?.[1];
    return `cat > ${file} <<'END_OF_SAMPLE'\n${code}END_OF_SAMPLE\n`;
  });
  // Step 4 again, as a reader does who trains a second bot.
  const again = commands.filter((command) => command.includes("bots/") || / bots$/m.test(command));
  return ["set -e", ...install, ...commands, ...again].join("\n");
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tutorial-"));
  const { tarball } = packPackage(folder);
  writeFileSync(join(folder, "steps.sh"), scriptOf(tarball));
  output = execFileSync("bash", ["steps.sh"], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the tutorial", () => {
  it("has a step for each part", () => {
    expect(steps.map(({ language }) => language).toSorted()).toEqual([
      ...["html", "js", "sh", "sh", "sh", "sh", "sh"],
    ]);
  });

  it("trains a bot that beats random play", () => {
    const random = /Random actions in Catch, 100 episodes: mean return (-?[\d.]+)/.exec(output);
    const greedy = /mean return of 100 greedy episodes: (-?[\d.]+)/.exec(output);
    expect(Number(random?.[1])).toBeLessThan(0);
    expect(Number(greedy?.[1])).toBeGreaterThan(15);
    expect(readFileSync(join(folder, "catch/curve.svg"), "utf8")).toContain("<svg");
  });

  it("trains, plays and plots a second bot with the same commands", () => {
    expect(readdirSync(join(folder, "catch/bots"))).toHaveLength(2);
    expect(output.match(/^episode 1: return /gm)).toHaveLength(2);
  });

  it.skipIf(chromiumPath === null)("ends with a page in which the bot plays", async () => {
    const server = await serve(join(folder, "catch"));
    const browser = await launchChromium();
    try {
      const page = await openPage(browser);
      await page.goto(server.url);
      await page.waitForFunction(() => Number(document.querySelector("#score")?.textContent) >= 2);
      expect(await page.textContent("#board")).toMatch(/^[.oU \n]+$/);
    } finally {
      await browser.close();
      server.close();
    }
  });
});
