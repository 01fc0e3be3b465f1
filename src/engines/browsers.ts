import { EventEmitter } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type Engine, findExecutable, printedVersion } from "./engine.ts";
import { listen } from "./listen.ts";

/** The page that runs the program. It reports an error even if the program cannot be parsed. */
const page = `<!doctype html>
<meta charset="utf-8">
<script>
  onerror = (error) => {
    fetch("lines", { method: "POST", body: JSON.stringify({ done: true, error: String(error) }) });
  };
</script>
<script src="program.js"></script>
`;

/** Serves the program to a browser and emits "line" with each line that the program posts. */
function serve(program: string, lines: EventEmitter): Promise<Server> {
  const files: Readonly<Record<string, readonly [type: string, contents: string]>> = {
    "/": ["text/html", page],
    "/program.js": ["text/javascript", readFileSync(program, "utf8")],
  };
  const server = createServer((request, response) => {
    if (request.method === "POST") {
      const emit = (line: string) => {
        response.writeHead(204).end();
        lines.emit("line", line);
      };
      text(request).then(emit, () => response.destroy());
      return;
    }
    const [type, contents] = files[request.url ?? ""] ?? [];
    if (type === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": type }).end(contents);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

/** Opens the page in a headless browser with a new profile. `flags` receives the profile's folder. */
function browser(
  identity: Pick<Engine, "id" | "name" | "locate">,
  flags: (profile: string) => readonly string[],
): Engine {
  return {
    ...identity,
    version: printedVersion,
    async run(executable, { folder, program, seconds }, onRun) {
      const lines = new EventEmitter();
      const server = await serve(program, lines);
      const { port } = server.address() as AddressInfo;
      try {
        const args = [...flags(folder), `http://127.0.0.1:${port}/`];
        await listen(executable, args, seconds, onRun, lines);
      } finally {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

/** Folder in which playwright keeps its Chromium. */
async function playwrightsChromium(): Promise<string[]> {
  try {
    return [(await import("playwright-core")).chromium.executablePath()];
  } catch {
    return [];
  }
}

export const chromium = browser(
  {
    id: "chromium",
    name: "Chromium",
    async locate() {
      return findExecutable(
        "CHROMIUM",
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
        await playwrightsChromium(),
        "apt-get install chromium, or npx playwright-core install chromium",
      );
    },
  },
  (profile) => [
    "--headless=new",
    `--user-data-dir=${profile}`,
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    // The sandbox often does not work in a container, and the page is our own.
    "--no-sandbox",
  ],
);

const firefoxPreferences = {
  "app.update.disabledForTesting": true,
  "browser.aboutwelcome.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.max_script_run_time": 0,
  "toolkit.telemetry.reportingpolicy.firstRun": false,
};

export const firefox = browser(
  {
    id: "firefox",
    name: "Firefox",
    async locate() {
      return findExecutable(
        "FIREFOX",
        ["firefox-esr", "firefox"],
        ["/Applications/Firefox.app/Contents/MacOS/firefox"],
        "apt-get install firefox-esr",
      );
    },
  },
  (profile) => {
    const lines = Object.entries(firefoxPreferences).map(
      ([name, value]) => `user_pref("${name}", ${value});\n`,
    );
    writeFileSync(join(profile, "user.js"), lines.join(""));
    return ["--headless", "--no-remote", "--profile", profile];
  },
);
