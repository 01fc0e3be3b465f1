import { readFileSync } from "node:fs";
import { Instrumenter } from "@stryker-mutator/instrumenter";

/** A change of one place in a source file. A test should fail because of it. */
export interface Mutant {
  /** Relative to the repository. */
  readonly file: string;
  readonly line: number;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
  /** Where the replaced text begins and ends, in characters. */
  readonly start: number;
  readonly end: number;
}

type Ignorer = Parameters<Instrumenter["instrument"]>[1]["ignorers"][number];

/** The parts of Babel's StringLiteral and TemplateLiteral that are used here. */
interface TextNode {
  readonly type: string;
  readonly value?: unknown;
  readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
}

/** Ignores texts that contain a space: they are sentences for people, and tests check only the words that matter. */
const sentences: Ignorer = {
  shouldIgnore(path) {
    const { quasis = [], type, value } = (path as { readonly node?: TextNode }).node!;
    const texts = quasis.map(({ value }) => value.raw);
    if (type === "StringLiteral") texts.push(String(value));
    return texts.some((text) => text.includes(" ")) ? "a sentence" : undefined;
  },
};

const silent = () => {};
const instrumenter = new Instrumenter({
  ...{ isTraceEnabled: () => false, isDebugEnabled: () => false, isInfoEnabled: () => false },
  ...{ isWarnEnabled: () => false, isErrorEnabled: () => false, isFatalEnabled: () => false },
  ...{ trace: silent, debug: silent, info: silent, warn: silent, error: silent, fatal: silent },
});

/** StrykerJS's mutants of a file, in the order of the text. */
export async function findMutants(root: string, file: string): Promise<Mutant[]> {
  const content = readFileSync(`${root}/${file}`, "utf8");
  const lines = [0];
  for (const { index } of content.matchAll(/\n/g)) lines.push(index + 1);
  const options = { ignorers: [sentences], excludedMutations: [], plugins: null };
  const { mutants } = await instrumenter.instrument(
    [{ name: file, mutate: true, content }],
    options,
  );
  return mutants
    .filter(({ status }) => status !== "Ignored")
    .map(({ location, mutatorName, replacement }) => {
      const start = lines[location.start.line]! + location.start.column;
      const end = lines[location.end.line]! + location.end.column;
      return {
        file,
        line: location.start.line + 1,
        mutator: mutatorName,
        original: content.slice(start, end),
        replacement: replacement ?? "",
        start,
        end,
      };
    })
    .sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Beginnings of mutants that are statements: all others are expressions, which keep their precedence in parentheses. */
const statement = /^(case|for)\b/;

/** The file's text with the mutant in it. */
export function mutated(content: string, mutant: Mutant): string {
  const { end, mutator, original, replacement, start } = mutant;
  const whole = mutator === "BlockStatement" || statement.test(original);
  const text = whole ? replacement : `(${replacement})`;
  return content.slice(0, start) + text + content.slice(end);
}
