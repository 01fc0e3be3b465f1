import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { updateCode } from "../../src/web/views/updateCode.ts";

it("the essay quotes the library's own code", () => {
  const source = readFileSync(new URL("../../src/kernels/js/tdError.ts", import.meta.url), "utf8");
  const plain = (text: string) => text.replace(/^ +/gm, "");
  expect(updateCode.split("\n")).toHaveLength(8);
  expect(plain(source)).toContain(plain(updateCode));
});
