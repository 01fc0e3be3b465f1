import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { dqnCode, pqnCode } from "../../src/web/views/updateCode.ts";

it.each([
  ["tdError", dqnCode],
  ["lambdaTargets", pqnCode],
])("the essay quotes about eight lines of %s.ts", (file, code) => {
  const url = new URL(`../../src/kernels/js/${file}.ts`, import.meta.url);
  const plain = (text: string) => text.replace(/^ +/gm, "");
  const lines = code.split("\n").length;
  expect([8, 9]).toContain(lines);
  expect(plain(readFileSync(url, "utf8"))).toContain(plain(code));
});
