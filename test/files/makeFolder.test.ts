import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeFolder } from "../../src/files/makeFolder.ts";
import { temporaryFolder } from "../cli/run.ts";

it("creates a folder and its parents, and leaves an existing one unchanged", () => {
  const path = join(temporaryFolder(), "a", "b", "c");
  makeFolder(path);
  makeFolder(`${path}/`);
  makeFolder(join(path, "..", "d"));
  expect(statSync(path).isDirectory()).toBe(true);
});

it("rejects a file, and a path through a file", () => {
  const path = join(temporaryFolder(), "file");
  writeFileSync(path, "");
  for (const folder of [path, join(path, "folder")]) {
    const message = `Could not make the folder ${folder}: a part of its path is not a folder.`;
    expect(() => makeFolder(folder)).toThrow(message);
  }
});

it("rejects an empty path", () => {
  expect(() => makeFolder("")).toThrow("The path of a folder must not be empty.");
});

it.skipIf(!existsSync("/proc/self")).each(["/proc/nope", "/proc/self/x", "/proc/sys/x/y"])(
  "rejects %s, where no folder can be created",
  (path) => {
    expect(() => makeFolder(path)).toThrow(/^Could not make the folder \/proc\/.*\.$/);
  },
);
