// The layers of src: no two folders import each other, not even through others, and no two files do.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => join("src", file));

/** The relative imports of a file, as paths from the root. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const specifiers = text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g);
  return [...specifiers].map(([, path = ""]) =>
    relative(root, join(root, dirname(file), path)).replaceAll("\\", "/"),
  );
}

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Nodes and edges of the imports, with files named by `name`. Edges from a node to itself are left out. */
function graphOf(name: (file: string) => string): Graph {
  const graph = new Map<string, Set<string>>();
  for (const file of files) {
    const from = name(file);
    const targets = graph.get(from) ?? new Set();
    graph.set(from, targets);
    for (const target of importsOf(file)) if (name(target) !== from) targets.add(name(target));
  }
  return graph;
}

/** A cycle of the graph as a path from a node to itself; null without a cycle. */
function findCycle(graph: Graph): string[] | null {
  const finished = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] | null => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (finished.has(node)) return null;
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...path, node]);
      if (cycle !== null) return cycle;
    }
    finished.add(node);
    return null;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node, []);
    if (cycle !== null) return cycle;
  }
  return null;
}

/** `src/cli/train.ts` -> `src/cli`; kernels of both languages are one folder. */
function folderOf(file: string): string {
  if (file.startsWith("assembly/") || file.startsWith("src/kernels/")) return "src/kernels";
  const [, folder = "", ...rest] = file.split("/");
  return rest.length === 0 ? file : `src/${folder}`;
}

it("finds a cycle", () => {
  const graph = new Map([
    ["a", new Set(["b"])],
    ["b", new Set(["c"])],
    ["c", new Set(["b"])],
  ]);
  expect(findCycle(graph)).toEqual(["b", "c", "b"]);
});

it("reads the imports of a file", () => {
  expect(importsOf("src/index.ts")).toContain("src/errors.ts");
});

it("has the folders in the order of docs/architecture.md: each imports only folders below it", () => {
  const page = readFileSync(join(root, "docs/architecture.md"), "utf8");
  const table = page.slice(page.indexOf("| folder | what it holds |"), page.indexOf("Five files"));
  const order = [...table.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(src\/\w+)\/`/g)].map(([, folder = ""]) => folder),
  );
  const graph = graphOf(folderOf);
  const folders = [...graph.keys()].filter((name) => !name.endsWith(".ts"));
  expect(order.toSorted()).toEqual(folders.toSorted());
  const upwards = folders.flatMap((from) =>
    [...graph.get(from)!]
      .filter((to) => order.includes(to) && order.indexOf(to) <= order.indexOf(from))
      .map((to) => `${from} -> ${to}`),
  );
  expect(upwards).toEqual([]);
});

it("has no import cycle between folders", () => {
  expect(findCycle(graphOf(folderOf))).toBeNull();
});

it("has no import cycle between files", () => {
  expect(findCycle(graphOf((file) => file))).toBeNull();
});
