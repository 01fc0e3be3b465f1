import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

const root = new URL("..", import.meta.url).pathname;

it("the package has every file its modules import, and nothing of the sources or tests", () => {
  const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [pack] = JSON.parse(output) as [{ files: { path: string }[] }];
  const files = new Set(pack.files.map(({ path }) => path));
  for (const path of ["build/src/cli/main.js", "build/browser/index.js", "build/release.wasm"]) {
    expect(files).toContain(path);
  }
  expect(
    [...files].filter((path) => !/^(build\/|README|LICENSE|package\.json)/.test(path)),
  ).toEqual([]);
  for (const path of files) {
    if (!/^build\/(src|assembly)\/.*\.js$/.test(path)) continue;
    const text = readFileSync(join(root, path), "utf8");
    for (const [, relative = ""] of text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)) {
      expect(files, `${path} imports it`).toContain(join(dirname(path), relative));
    }
  }
});
