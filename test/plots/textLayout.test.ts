import { expect, it } from "vitest";
import { textWidth, wrapText } from "../../src/plots/textLayout.ts";

it("breaks lines between words within the width", () => {
  const text = "solve gamma=0.9 hiddenSizes=32,32 learningRate=0.0025";
  const lines = wrapText(text, 200);
  expect(lines.join(" ")).toBe(text);
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(200);
});

it("breaks a word wider than a line between whole characters", () => {
  const word = "\u{1f600}".repeat(50);
  const lines = wrapText(word, 100);
  expect(lines.join("")).toBe(word);
  for (const line of lines) expect(/\p{Cs}/u.test(line)).toBe(false);
  for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(100);
});

it("shortens a long name in the middle, since names differ at their ends", () => {
  const text = wrapText(`${"x".repeat(500)} gamma=0.9`, 100).join("");
  expect(text.length).toBeLessThan(170);
  expect(text).toMatch(/^x+\.\.\.x+gamma=0\.9$/);
});

it("puts at least one character on a line", () => {
  expect(wrapText("ab", 1)).toEqual(["a", "b"]);
});
