import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readBytes, readText } from "../../src/files/readFile.ts";
import { temporaryFolder } from "../cli/run.ts";

const kind = { what: "policy file", most: 10 };

describe("readBytes", () => {
  it("reads the same bytes for any size of a read call", () => {
    const path = join(temporaryFolder(), "file");
    writeFileSync(path, "0123456789");
    for (const chunk of [1, 3, 10, 100]) {
      expect(Buffer.from(readBytes(path, kind, chunk)).toString()).toBe("0123456789");
    }
    writeFileSync(path, "");
    expect(readBytes(path, kind)).toHaveLength(0);
  });

  it("reports in one sentence why a file cannot be read", () => {
    const folder = temporaryFolder();
    const says = (name: string) => {
      try {
        return readBytes(join(folder, name), kind);
      } catch (error) {
        return error instanceof Error ? error.message.replaceAll(`${folder}/`, "") : error;
      }
    };
    expect(says("none")).toBe("There is no policy file none.");
    mkdirSync(join(folder, "folder"));
    expect(says("folder")).toBe("The policy file folder is a folder, expected a file.");
    writeFileSync(join(folder, "large"), "");
    truncateSync(join(folder, "large"), 2 ** 40);
    expect(says("large")).toBe(
      "The policy file large has 1,099,511,627,776 bytes, expected at most 10 bytes.",
    );
    expect(says("large/file")).toBe(
      "Could not read the policy file large/file: a part of its path is not a folder.",
    );
  });

  it.skipIf(!existsSync("/dev/zero"))("rejects devices and pipes without opening them", () => {
    const pipe = join(temporaryFolder(), "pipe");
    execFileSync("mkfifo", [pipe]);
    for (const path of ["/dev/zero", pipe]) {
      expect(() => readBytes(path, kind)).toThrow(
        `The policy file ${path} is a device, a pipe or a socket, expected a regular file.`,
      );
    }
  });
});

describe("readText", () => {
  it("keeps a byte order mark and replaces invalid UTF-8", () => {
    const path = join(temporaryFolder(), "file");
    writeFileSync(path, Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xff));
    expect(readText(path, kind)).toBe("\ufeffa\ufffd");
  });
});
