import { readFileSync } from "node:fs";
import { join } from "node:path";
import equivalent from "./equivalent.json" with { type: "json" };
import type { Mutant } from "./mutants.ts";

/** Minimum share of noticed mutants among those that are not equivalent. */
const GOAL = 0.95;

/** A mutant that behaves like the original. */
interface Equivalent {
  readonly file: string;
  /** The source line where it begins. */
  readonly code: string;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
  readonly reason: string;
}

const short = (text: string) => {
  const line = text.replace(/\s+/g, " ");
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
};

/** Prints unnoticed mutants and each folder's score. Returns whether every score reaches the goal and every equivalent is still unnoticed. */
export function report(
  root: string,
  folders: readonly string[],
  mutants: readonly Mutant[],
  noticed: (mutant: Mutant) => boolean,
): boolean {
  const list: readonly Equivalent[] = equivalent;
  const lines = new Map<string, string[]>();
  const codeOf = ({ file, line }: Mutant) => {
    if (!lines.has(file)) lines.set(file, readFileSync(join(root, file), "utf8").split("\n"));
    return lines.get(file)![line - 1]!.trim();
  };
  const used = new Set<Equivalent>();
  const equivalentOf = (mutant: Mutant) =>
    list.find(
      (one) =>
        one.file === mutant.file &&
        one.code === codeOf(mutant) &&
        one.mutator === mutant.mutator &&
        one.original === short(mutant.original) &&
        one.replacement === short(mutant.replacement),
    );
  const counts = new Map(folders.map((folder) => [folder, { all: 0, equal: 0, noticed: 0 }]));
  let good = true;
  for (const mutant of mutants) {
    const count = counts.get(folders.find((folder) => mutant.file.startsWith(folder))!)!;
    count.all++;
    if (noticed(mutant)) {
      count.noticed++;
      continue;
    }
    const same = equivalentOf(mutant);
    if (same !== undefined) {
      used.add(same);
      count.equal++;
      continue;
    }
    const { file, line, mutator, original, replacement } = mutant;
    console.log(`${file}:${line} ${mutator}\n  ${codeOf(mutant)}`);
    console.log(`  - ${short(original)}\n  + ${short(replacement)}`);
  }
  for (const [folder, { all, equal, noticed: found }] of counts) {
    if (all === 0) continue;
    const score = found / (all - equal);
    console.log(
      `${folder}: ${all} mutants, ${equal} equivalent, ${found} noticed: ${(100 * score).toFixed(1)}%`,
    );
    if (score < GOAL) good = false;
    for (const one of list) {
      const tried = one.file.startsWith(folder) && mutants.some(({ file }) => file === one.file);
      if (!tried || used.has(one)) continue;
      console.log(`Listed as equivalent, but noticed or gone: ${one.file}: ${one.code}`);
      good = false;
    }
  }
  return good;
}
