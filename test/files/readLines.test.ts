import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type LineFile, readLineChunks, readLogLines } from "../../src/files/readLines.ts";
import { temporaryFolder } from "../cli/run.ts";

describe("readLogLines", () => {
  const linesOf = (text: string) => {
    const path = join(temporaryFolder(), "log");
    writeFileSync(path, text);
    return [...readLogLines(path)];
  };

  it("reads all lines except an unterminated last one", () => {
    expect(linesOf("")).toEqual([]);
    expect(linesOf("a\n\nb\n")).toEqual(["a", "", "b"]);
    expect(linesOf("a\nb")).toEqual(["a"]);
  });

  it("reads lines that cross buffer boundaries", () => {
    const lines = Array.from({ length: 20 }, (_, k) => `${k}é`.repeat(30_000 + 7_001 * k));
    expect(linesOf(`${lines.join("\n")}\n`)).toEqual(lines);
  });

  it("skips lines of more than 1 MiB", () => {
    const long = "x".repeat(5 * 2 ** 20);
    expect(linesOf(`a\n${long}\nb\n${long}`)).toEqual(["a", "b"]);
    expect(linesOf(`${long}\nb\n`)).toEqual(["b"]);
  });
});

describe("readLineChunks", () => {
  const file: LineFile = { what: "table", encoding: "latin1", longest: 100, skipLonger: false };

  it("counts the bytes up to the end of the lines, and keeps each byte as one character", () => {
    const path = join(temporaryFolder(), "table");
    const bytes = Buffer.concat([
      Buffer.from("a\n"),
      Uint8Array.of(0xff, 0xc3, 10),
      Buffer.from("b"),
    ]);
    writeFileSync(path, bytes);
    expect([...readLineChunks(path, file)]).toEqual([{ lines: ["a", "\xff\xc3"], end: 5 }]);
  });

  it("refuses a line that is too long", () => {
    const path = join(temporaryFolder(), "table");
    writeFileSync(path, `a\n${"x".repeat(99)}\n${"x".repeat(100)}\n`);
    const read = () => [...readLineChunks(path, file)];
    expect(read).toThrow(`The table ${path} has a line of more than 100 bytes.`);
  });
});
