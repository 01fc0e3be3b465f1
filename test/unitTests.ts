import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const imports = /(?:from|import)\s*\(?\s*"(\.[^"]+)"/g;

/** Whether a module or one of its imports refers to build/ or to the package by name, or starts processes. */
function needsMore(path: string, seen: Set<string>): boolean {
  if (seen.has(path) || !path.endsWith(".ts")) return false;
  seen.add(path);
  // Comments do not count.
  const text = readFileSync(path, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  if (/["`](?:\.{1,2}\/)*build\/|"wasm-dqn[/"]|node:child_process/.test(text)) return true;
  return [...text.matchAll(imports)].some(([, relative = ""]) => {
    const file = resolve(dirname(path), relative);
    return existsSync(file) && needsMore(file, seen);
  });
}

/**
 * Test files of `npm run test:unit`: those that need no build and start no process, found by their imports.
 * Fuzz tests are excluded because they are slow.
 */
export function unitTests(): string[] {
  return readdirSync("test", { recursive: true, encoding: "utf8" })
    .map((file) => join("test", file))
    .filter((file) => file.endsWith(".test.ts") && !file.startsWith("test/fuzz/"))
    .filter((file) => !needsMore(resolve(file), new Set()))
    .sort();
}
