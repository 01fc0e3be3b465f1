import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const imports = /(?:from|import)\s*\(?\s*"(\.[^"]+)"/g;

/** Whether a module, or one that it imports, names a file of build/, or the package by its name, whose files are there; or starts processes. */
function needsMore(path: string, seen: Set<string>): boolean {
  if (seen.has(path) || !path.endsWith(".ts")) return false;
  seen.add(path);
  // What a comment says does not count.
  const text = readFileSync(path, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  if (/["`](?:\.{1,2}\/)*build\/|"wasm-dqn[/"]|node:child_process/.test(text)) return true;
  return [...text.matchAll(imports)].some(([, relative = ""]) => {
    const file = resolve(dirname(path), relative);
    return existsSync(file) && needsMore(file, seen);
  });
}

/**
 * The tests of `npm run test:unit`: those that need nothing built and start no process. They are found by what they import, so that no
 * list has to be kept. The fuzz tests are left out, since they take long.
 */
export function unitTests(): string[] {
  return readdirSync("test", { recursive: true, encoding: "utf8" })
    .map((file) => join("test", file))
    .filter((file) => file.endsWith(".test.ts") && !file.startsWith("test/fuzz/"))
    .filter((file) => !needsMore(resolve(file), new Set()))
    .sort();
}
