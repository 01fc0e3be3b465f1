import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readBytes } from "../../src/files/readFile.ts";
import { saveFile } from "../../src/files/saveFile.ts";
import { temporaryFolder } from "../cli/run.ts";

const kind = { what: "checkpoint", most: 2 ** 32 };

describe("saveFile", () => {
  it("writes strings, bytes and pieces for any size of a write call", () => {
    const path = join(temporaryFolder(), "file");
    saveFile(path, "Grüße");
    expect(readFileSync(path, "utf8")).toBe("Grüße");
    saveFile(path, Uint8Array.of(1, 2, 3, 4, 5, 6, 7), 3);
    expect([...readFileSync(path)]).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const pieces = function* () {
      yield Uint8Array.of(1, 2, 3, 4);
      yield new Uint8Array(0);
      yield Uint8Array.of(5);
    };
    saveFile(path, pieces(), 3);
    expect([...readFileSync(path)]).toEqual([1, 2, 3, 4, 5]);
    saveFile(path, []);
    expect(statSync(path).size).toBe(0);
  });

  it("keeps the permissions of the file it replaces", () => {
    const path = join(temporaryFolder(), "file");
    writeFileSync(path, "old");
    chmodSync(path, 0o606);
    saveFile(path, "new");
    expect(statSync(path).mode & 0o777).toBe(0o606);
  });

  it("writes through a symbolic link", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "elsewhere"));
    writeFileSync(join(folder, "elsewhere", "target"), "old");
    symlinkSync("elsewhere/target", join(folder, "link"));
    saveFile(join(folder, "link"), "new");
    expect(lstatSync(join(folder, "link")).isSymbolicLink()).toBe(true);
    expect(readlinkSync(join(folder, "link"))).toBe("elsewhere/target");
    expect(readFileSync(join(folder, "elsewhere", "target"), "utf8")).toBe("new");
    expect(readdirSync(folder).sort()).toEqual(["elsewhere", "link"]);
  });

  it("keeps the old file and no temporary file if producing the contents throws", () => {
    const folder = temporaryFolder();
    const path = join(folder, "file");
    writeFileSync(path, "old");
    const pieces = function* () {
      yield Uint8Array.of(1);
      throw new Error("no more");
    };
    expect(() => saveFile(path, pieces())).toThrow(`Could not write ${path}: no more.`);
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  it.skipIf(process.platform === "win32")("rejects a pipe that no process reads", () => {
    const path = join(temporaryFolder(), "pipe");
    execFileSync("mkfifo", [path]);
    const message = `Could not write ${path}: no process reads this pipe.`;
    expect(() => saveFile(path, "text")).toThrow(message);
  });

  it.skipIf(process.platform === "win32")("writes to a pipe that a process reads", async () => {
    const path = join(temporaryFolder(), "pipe");
    execFileSync("mkfifo", [path]);
    const reader = spawn("cat", [path]);
    const output = new Promise<string>((resolve) =>
      reader.stdout.once("data", (data) => resolve(String(data))),
    );
    await expect.poll(() => saveFile(path, "text"), { timeout: 10_000 }).toBeUndefined();
    expect(await output).toBe("text");
    expect(statSync(path).isFIFO()).toBe(true);
  });

  it("writes a file with a name of 255 bytes", () => {
    const folder = temporaryFolder();
    const name = "é".repeat(127);
    saveFile(join(folder, name), "text");
    expect(readdirSync(folder)).toEqual([name]);
  });

  it.each([
    ["a folder", "folder", /^Could not write .*folder: it is a folder\.$/],
    ["a missing folder", "none/file", /^Could not write .*file: its folder does not exist\.$/],
    ["a path through a file", "text/file", /: a part of its path is not a folder\.$/],
  ])("rejects %s", (_name, path, message) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "folder"));
    writeFileSync(join(folder, "text"), "");
    expect(() => saveFile(join(folder, path), "x")).toThrow(message);
    expect(readdirSync(folder).sort()).toEqual(["folder", "text"]);
  });
});

const LARGE = 2 ** 31 + 2 ** 20;
const freeBytes = (path: string) => {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
};
const disk = ["/dev/shm", tmpdir()].find((path) => existsSync(path) && freeBytes(path) > 2 * LARGE);
const able = disk !== undefined && freemem() > 3 * LARGE;
if (!able)
  console.error("SKIPPED: files of more than 2 GiB need 6 GiB of memory and 4 GiB of disk.");

/** Path of a file that is deleted after the test. */
function largeFile(): string {
  const folder = mkdtempSync(join(disk ?? "", "wasm-dqn-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "large");
}

describe.skipIf(!able)("a file of more than 2 GiB", () => {
  it("is written", () => {
    const path = largeFile();
    saveFile(path, new Uint8Array(LARGE));
    expect(statSync(path).size).toBe(LARGE);
  }, 120_000);

  it("is read", () => {
    const path = largeFile();
    writeFileSync(path, "begin");
    truncateSync(path, LARGE);
    writeFileSync(path, "end", { flag: "a" });
    const bytes = readBytes(path, kind);
    expect(bytes.length).toBe(LARGE + 3);
    expect(Buffer.from(bytes.subarray(0, 5)).toString()).toBe("begin");
    expect(Buffer.from(bytes.subarray(-3)).toString()).toBe("end");
  }, 120_000);
});
