import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = new URL("../../", import.meta.url).pathname;

/** Functions of `Math` whose results ECMAScript defines exactly. The others are approximations or random. */
const exact = "abs|ceil|clz32|floor|fround|imul|max|min|round|sign|sqrt|trunc";
const inexact = [
  new RegExp(`\\bMath\\b(?!\\.(?:${exact})\\b)`, "g"),
  // Powers of two are exact. Engines round other powers differently.
  /(?<!\b2 )\*\*=?|\*\*=|\*\* (?!-?\d)/g,
];

function inexactIn(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
  return inexact.flatMap((pattern) => [...code.matchAll(pattern)].map(([found]) => found));
}

it.each([
  "const { exp } = Math;",
  "Math.random()",
  "Math.log2(x)",
  "Math[name](x)",
  "x ** 2",
  "2 ** x",
  "12 ** 3",
  "x **= 2",
])("finds %s", (code) => {
  expect(inexactIn(code)).not.toEqual([]);
});

it("accepts exact functions, powers of two and comments", () => {
  expect(inexactIn("/** Math.exp */ Math.sqrt(x) * 2 ** -32 + 2 ** 54 // x ** y")).toEqual([]);
});

const folders = ["config", "dqn", "environments", "games", "kernels", "network", "numerics"].map(
  (folder) => `src/${folder}`,
);

it.each(["assembly", ...folders])("%s uses only exact arithmetic", (folder) => {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  const modules = files.filter((file) => file.endsWith(".ts"));
  expect(modules.length).toBeGreaterThan(0);
  const found = modules.flatMap((file) =>
    inexactIn(readFileSync(join(root, folder, file), "utf8")).map((use) => `${file}: ${use}`),
  );
  expect(found).toEqual([]);
});
