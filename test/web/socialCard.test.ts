import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

it.each([
  ["card.png", 1200, 630],
  ["icon.png", 180, 180],
])("%s is a PNG of %d x %d pixels and less than 150 kB", (name, width, height) => {
  const bytes = readFileSync(new URL(`../../src/web/public/${name}`, import.meta.url));
  expect(bytes.subarray(1, 4).toString("latin1")).toBe("PNG");
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([width, height]);
  expect(bytes.length).toBeLessThan(150_000);
});
