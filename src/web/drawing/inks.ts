import { signal } from "@preact/signals";

/** Names of the CSS variables with the colours of drawings. */
const names = {
  paper: "--paper",
  ink: "--ink",
  faded: "--faded",
  line: "--line",
  scenery: "--ink-scenery",
  first: "--ink-first",
  second: "--ink-second",
  third: "--ink-third",
} as const;

export type Inks = Readonly<Record<keyof typeof names, string>>;

function read(): Inks {
  const style = getComputedStyle(document.documentElement);
  const entries = Object.entries(names).map(([key, name]) => [
    key,
    style.getPropertyValue(name).trim(),
  ]);
  return Object.fromEntries(entries) as Inks;
}

/** Colours of the current theme. */
export const inks = signal(read());

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  inks.value = read();
});

export type Rgb = readonly [red: number, green: number, blue: number];

/** Red, green and blue of a colour such as #1f2328, or #fff, into which the build shortens #ffffff. */
export function rgb(color: string): Rgb {
  const digits = color.length === 4 ? color.replace(/[^#]/g, "$&$&") : color;
  const value = Number.parseInt(digits.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
