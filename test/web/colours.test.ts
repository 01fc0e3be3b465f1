import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const style = readFileSync(new URL("../../src/web/style.css", import.meta.url), "utf8");

/** Simulations of full colour blindness in linear RGB (Viénot, Brettel and Mollon 1999). */
const simulations = {
  protanopia: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  deuteranopia: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
} as const;

function linear(color: string): number[] {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255].map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
}

/** CIE L*a*b* of a linear RGB colour under D65. */
function lab([red = 0, green = 0, blue = 0]: readonly number[]): [number, number, number] {
  const f = (value: number) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
  const x = f((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
  const y = f(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const z = f((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const distance = (one: readonly number[], other: readonly number[]) =>
  Math.hypot(...lab(one).map((part, k) => part - lab(other)[k]!));

const inks = [...style.matchAll(/--ink-(?:first|second|third): (#\w{6})/g)].map(([, ink]) => ink!);

describe.each([
  ["light", inks.slice(0, 3)],
  ["dark", inks.slice(3)],
])("the colours of the %s theme", (_, colors) => {
  it.each(Object.entries(simulations))("differ with %s", (_, matrix) => {
    expect(colors).toHaveLength(3);
    const seen = colors.map((color) => {
      const parts = linear(color);
      return matrix.map((row) =>
        row.reduce<number>((sum, weight, k) => sum + weight * parts[k]!, 0),
      );
    });
    for (const [k, one] of seen.entries()) {
      for (const other of seen.slice(k + 1)) expect(distance(one, other)).toBeGreaterThan(25);
    }
  });
});
