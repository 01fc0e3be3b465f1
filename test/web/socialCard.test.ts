import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { withCardAddress } from "../../src/web/cardAddress.ts";

it.each([
  ["card.png", 1200, 630],
  ["icon.png", 180, 180],
])("%s is a PNG of %d x %d pixels and less than 150 kB", (name, width, height) => {
  const bytes = readFileSync(new URL(`../../src/web/public/${name}`, import.meta.url));
  expect(bytes.subarray(1, 4).toString("latin1")).toBe("PNG");
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([width, height]);
  expect(bytes.length).toBeLessThan(150_000);
});

describe("the card's address", () => {
  const html = (name: string) => `<meta property="og:image" content="${name}" />`;

  it.each(["https://example.org/demo", "https://example.org/demo/"])(
    "is absolute in a build for %s",
    (site) => {
      const absolute = html("https://example.org/demo/card.png");
      expect(withCardAddress(html("../card.png"), site)).toBe(absolute);
    },
  );

  it.each([undefined, ""])("stays relative in a build for no address (%s)", (site) => {
    expect(withCardAddress(html("card.png"), site)).toBe(html("card.png"));
  });

  it.each(["example.org/demo", "/demo/", "ftp://example.org/"])("rejects %s", (site) => {
    expect(() => withCardAddress(html("card.png"), site)).toThrow(
      `SITE_URL must be the page's address, such as https://example.org/demo/, got "${site}".`,
    );
  });
});
