import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** The documentation's pages, as paths from the root. */
export const pages: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

export const textOf = (page: string): string => readFileSync(join(root, page), "utf8");

/** A fenced block of a page. */
export interface Sample {
  readonly page: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

/** All fenced blocks of the pages. */
export function samples(): Sample[] {
  return pages.flatMap((page) => {
    const text = textOf(page);
    return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map((match) => ({
      page,
      line: text.slice(0, match.index).split("\n").length,
      language: match[1]!,
      code: match[2]!,
    }));
  });
}
