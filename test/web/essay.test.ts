import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { dqnCode, pqnCode } from "../../src/web/views/updateCode.ts";

it.each([
  ["Dqn", "tdError", dqnCode],
  ["Pqn", "lambdaTargets", pqnCode],
])(
  "the essay about %s quotes about eight lines of %s.ts and names the file",
  (name, file, code) => {
    const url = new URL(`../../src/kernels/js/${file}.ts`, import.meta.url);
    const plain = (text: string) => text.replace(/^ +/gm, "");
    const lines = code.split("\n").length;
    expect([8, 9]).toContain(lines);
    expect(plain(readFileSync(url, "utf8"))).toContain(plain(code));
    const view = new URL(`../../src/web/views/${name}Update.tsx`, import.meta.url);
    expect(readFileSync(view, "utf8")).toContain(`<code>src/kernels/js/${file}.ts</code>`);
  },
);
