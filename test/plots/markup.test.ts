import { expect, it } from "vitest";
import { escapeMarkup } from "../../src/plots/markup.ts";

it("escapes characters that XML 1.0 forbids or that end a text or an attribute", () => {
  const every = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).join(" ");
  const escaped = escapeMarkup(every);
  // Char of XML 1.0 without its surrogate pairs, and without < > & " and '.
  expect(escaped).toMatch(/^(?:&#\d+;|[\x20\x21\x23-\x25\x28-\x3b\x3d\x3f-\ud7ff\ue000-\ufffd])*$/);
  expect(escapeMarkup("a\u{1f600}\u00e9")).toBe("a\u{1f600}\u00e9");
});
