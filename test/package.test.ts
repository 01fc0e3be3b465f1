import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { packPackage } from "./packedPackage.ts";

const root = new URL("..", import.meta.url).pathname;
const text = (path: string) => readFileSync(join(root, path), "utf8");
const { exports, sideEffects } = JSON.parse(text("package.json")) as {
  exports: Record<string, string | Record<string, string>>;
  sideEffects: string[];
};

let folder: string;
let tarball: string;
let files: ReadonlySet<string>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wasm-dqn-package-"));
  ({ files, tarball } = packPackage(folder));
});
afterAll(() => rmSync(folder, { recursive: true }));

it("packs every file that its modules import, and no sources or tests", () => {
  for (const path of ["build/node/main.js", "build/browser/index.js", "build/release.wasm"]) {
    expect(files).toContain(path);
  }
  expect(
    [...files].filter(
      (path) => !/^(build\/|README|LICENSE|CHANGELOG|THIRD-PARTY|package\.json)/.test(path),
    ),
  ).toEqual([]);
  for (const path of files) {
    if (!/^build\/node\/.*\.js$/.test(path)) continue;
    const code = text(path).replace(/^\s*(?:\*|\/\/).*$/gm, "");
    for (const [, relative = ""] of code.matchAll(/(?:from|import|URL)\s*\(?"(\.\/[^"]+)"/g)) {
      expect(files, `${path} imports it`).toContain(join(dirname(path), relative));
    }
  }
});

/** Files of build/node that a module loads when it is imported. */
function loaded(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const imports = text(`build/node/${file}`).matchAll(/^(?:import|export)[^;]*?"\.\/([^"]+)";$/gm);
  for (const [, name = ""] of imports) loaded(name, seen);
  return seen;
}

it("the command line starts with few files, and without those of other commands", () => {
  expect([...loaded("main.js")].sort()).toEqual(["main.js", "start.js"]);
  const train = loaded("train.js", loaded("commandThread.js"));
  expect(train).toContain("library.js");
  expect(train).not.toContain("sweep.js");
  expect(train.size).toBeLessThanOrEqual(9);
  expect([...loaded("help.js")].sort()).toEqual(["help.js", "parameters.js"]);
  expect(loaded("index.js")).not.toContain("commands.js");
});

it("packs every export, with its types first", () => {
  for (const [name, target] of Object.entries(exports)) {
    const paths = typeof target === "string" ? [target] : Object.values(target);
    for (const path of paths) expect(files, name).toContain(path.replace("./", ""));
    if (typeof target === "object") expect(Object.keys(target)[0], name).toBe("types");
  }
});

it("packs the kernels of wasm-fma", () => {
  expect(files).toContain("build/fma.wasm");
});

it("declares types without generic typed arrays, which TypeScript 5.4 cannot read", () => {
  for (const path of files) {
    if (path.endsWith(".d.ts")) expect(text(path), path).not.toMatch(/\b\w+\d+Array</);
  }
});

it("lists only the targets of wasm-dqn/worker and wasm-dqn/js-kernels as having side effects", () => {
  const targets = ["./worker", "./js-kernels"].flatMap((name) => {
    const { types, ...files } = exports[name] as Record<string, string>;
    expect(types).toMatch(/\.d\.ts$/);
    return Object.values(files);
  });
  expect(sideEffects.toSorted()).toEqual(targets.toSorted());
});

it("passes publint and attw", () => {
  const run = (tool: string, ...values: string[]) =>
    execFileSync(join(root, "node_modules/.bin", tool), values, {
      encoding: "utf8",
      stdio: "pipe",
    });
  expect(run("publint", "run", tarball, "--strict")).toContain("All good!");
  // These are not JavaScript modules, so they have no types.
  const wasm = ["core.wasm", "core-fma.wasm"];
  const values = ["--profile", "esm-only", "--exclude-entrypoints", ...wasm, "--format", "json"];
  const { analysis } = JSON.parse(run("attw", tarball, ...values, "--no-definitely-typed")) as {
    analysis: { entrypoints: Record<string, unknown> };
  };
  const checked = Object.keys(exports).filter((name) => !wasm.includes(name.slice(2)));
  expect(Object.keys(analysis.entrypoints)).toEqual(checked);
});

it("the module wasm-dqn/policy takes at most 5,000 bytes gzipped, and needs no other file", () => {
  const file = text("build/browser/policy.js");
  expect(file).not.toMatch(/\b(import|require|process|Buffer|WebAssembly)\b|node:/);
  expect(gzipSync(file, { level: 9 }).length).toBeLessThanOrEqual(5_000);
});

it("the browser build is at most 49,500 bytes gzipped, imports nothing, and needs neither Node nor isolated pages", () => {
  const file = text("build/browser/index.js");
  expect(file).not.toMatch(/\b(import|require|Buffer|SharedArrayBuffer)\b|\bprocess\.|node:/);
  expect(gzipSync(file, { level: 9 }).length).toBeLessThanOrEqual(49_500);
  expect(text("build/browser/worker.js")).toBe(
    'import{serveTrainer}from"./index.js";serveTrainer();\n',
  );
});
