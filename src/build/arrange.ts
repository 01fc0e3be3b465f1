import { deflateRawSync } from "node:zlib";
import { parseAst } from "vite";

/** A declaration or statement of the function's body. */
interface Piece {
  /** Without `var`. */
  readonly text: string;
  /** Declared by `var`. */
  readonly variable: boolean;
  /** Functions, and classes that no other variable needs, can move. */
  readonly movable: boolean;
  readonly name: string;
  /** Name of a class's base class, which must come first. */
  readonly base: string;
}

const STEPS = 4000;

/**
 * Moves functions and classes to where they compress best: DEFLATE finds repetitions only in the last 32 KiB. A hill climb with a
 * fixed seed, so that two builds give the same file.
 * @param code one function declaration, minified
 */
export function arrange(code: string): string {
  const [library] = parseAst(code).body;
  if (library?.type !== "FunctionDeclaration" || library.body === null) {
    throw new Error("The browser build is not one function.");
  }
  const source = ({ start, end }: { start: number; end: number }) => code.slice(start, end);
  const start = code.slice(0, library.body.start + 1);
  const pieces = library.body.body.flatMap((statement): Piece[] => {
    if (statement.type !== "VariableDeclaration" || statement.kind !== "var") {
      const movable = statement.type === "FunctionDeclaration";
      return [{ text: source(statement), variable: false, movable, name: "", base: "" }];
    }
    return statement.declarations.map((declaration): Piece => {
      const { id, init } = declaration;
      const isClass = init?.type === "ClassExpression";
      const base = isClass && init.superClass ? source(init.superClass) : "";
      const text = source(declaration);
      return { text, variable: true, movable: isClass, name: source(id), base };
    });
  });
  const fixed = pieces.filter(({ movable, variable }) => variable && !movable);
  const needed = new Set(fixed.flatMap(({ text }) => text.match(/[\w$]+/g) ?? []));
  const free = pieces.map((piece) =>
    piece.variable && needed.has(piece.name) ? { ...piece, movable: false } : piece,
  );
  return `${start}${textOf(climb(free))}}`;
}

function textOf(pieces: readonly Piece[]): string {
  return pieces
    .map(({ text, variable }, k) => {
      if (!variable) return text;
      const first = k === 0 || !pieces[k - 1]!.variable;
      const last = !pieces[k + 1]?.variable;
      return `${first ? "var " : ""}${text}${last ? ";" : ","}`;
    })
    .join("");
}

/** Whether each class comes after its base class. */
function isValid(pieces: readonly Piece[]): boolean {
  const declared = new Set<string>();
  for (const { base, name } of pieces) {
    if (base !== "" && base !== "Error" && !declared.has(base)) return false;
    declared.add(name);
  }
  return true;
}

function climb(start: readonly Piece[]): readonly Piece[] {
  const size = (pieces: readonly Piece[]) => deflateRawSync(textOf(pieces), { level: 9 }).length;
  let seed = 1;
  const below = (limit: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  let best = start;
  let smallest = size(start);
  for (let step = 0; step < STEPS; step++) {
    const from = below(best.length);
    const run = best.slice(from, from + 1 + below(4));
    if (!run.every(({ movable }) => movable)) continue;
    const moved = best.toSpliced(from, run.length);
    // Before the last statement, which returns the exports.
    moved.splice(below(moved.length), 0, ...run);
    if (!isValid(moved)) continue;
    const bytes = size(moved);
    if (bytes > smallest) continue;
    best = moved;
    smallest = bytes;
  }
  return best;
}
