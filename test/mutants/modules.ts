import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { transformSync } from "esbuild";

type Exports = Record<string, unknown>;
type Factory = (
  require: (specifier: string) => unknown,
  module: { exports: Exports },
  exports: Exports,
  url: string,
  hit: (block: number) => void,
) => void;

const MOST_BLOCKS = 1_000;

/** Compiles TypeScript to a function that fills the module's exports. */
export function compile(path: string, content: string): Factory {
  const { code } = transformSync(content, {
    ...{ loader: "ts", format: "cjs", target: "es2022", sourcefile: path },
    define: { "import.meta.url": "moduleUrl" },
  });
  const parameters = ["require", "module", "exports", "moduleUrl", "hitBlock"];
  return new Function(...parameters, `"use strict";\n${code}`) as Factory;
}

/** Packages and Node's modules by specifier. They are loaded once. */
export type Externals = ReadonlyMap<string, unknown>;

/** Compiled files, shared by all registries. */
export class ModuleSources {
  readonly externals: Externals;
  readonly #factories = new Map<string, Factory>();

  constructor(externals: Externals) {
    this.externals = externals;
  }

  factory(path: string): Factory {
    let factory = this.#factories.get(path);
    if (factory === undefined) {
      factory = compile(path, readFileSync(path, "utf8"));
      this.#factories.set(path, factory);
    }
    return factory;
  }
}

/** One instance of every module, created at its first import: a new registry evaluates module-level code again. */
export class ModuleRegistry {
  readonly loaded = new Map<string, Exports>();
  /** By path: 1 for each block that has run, if the text records it. */
  readonly ran = new Map<string, Uint8Array>();
  readonly #sources: ModuleSources;
  readonly #replaced: ReadonlyMap<string, Factory>;
  readonly #vitest: unknown;

  /**
   * @param replaced modules compiled from another text than their file's
   * @param vitest replacement for that package
   */
  constructor(sources: ModuleSources, replaced: ReadonlyMap<string, Factory>, vitest: unknown) {
    this.#sources = sources;
    this.#replaced = replaced;
    this.#vitest = vitest;
  }

  load(path: string): Exports {
    const known = this.loaded.get(path);
    if (known !== undefined) return known;
    const module = { exports: {} as Exports };
    this.loaded.set(path, module.exports);
    const require = (specifier: string) =>
      specifier.startsWith(".")
        ? this.load(resolve(dirname(path), specifier))
        : this.#external(specifier, path);
    const factory = this.#replaced.get(path) ?? this.#sources.factory(path);
    const ran = new Uint8Array(MOST_BLOCKS);
    this.ran.set(path, ran);
    const hit = (block: number) => {
      ran[block] = 1;
    };
    factory(require, module, module.exports, `file://${path}`, hit);
    // esbuild replaces the object it was given.
    this.loaded.set(path, module.exports);
    return module.exports;
  }

  #external(specifier: string, from: string): unknown {
    if (specifier === "vitest") return this.#vitest;
    const found = this.#sources.externals.get(specifier);
    if (found === undefined) throw new Error(`${from} imports ${specifier}: list it as external.`);
    return found;
  }
}
