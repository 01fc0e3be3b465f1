import { readFileSync } from "node:fs";
import { transform } from "esbuild";
import { minify } from "terser";
import { defineConfig, type Plugin } from "vite";
import { arrange } from "./src/build/arrange.ts";

/** Replacement modules for the browser build. */
const instead: Readonly<Record<string, string>> = {
  // Without the loader's support for classes and strings, which the kernels do not export.
  "@assemblyscript/loader":
    "export const instantiateSync = (module, imports) => ({ instance: new WebAssembly.Instance(module, imports) });",
  "wasm-dqn/core-bytes": "export const coreText = wasmDqnKernels;",
  // One shared name for all kernels compresses best.
  fround: "export const fround = Math.fround;",
};

/** Texts in the tables of hyperparameters and recipes. */
const helpText = /,\s*(?:help|description|source):\s*"[^"]*"/g;

/** A private name in the output of tsc: after a dot, or where a member is declared. */
const privateName = /(?<=\.|^ +(?:async |get |set )*)#(\w+)/gm;

/**
 * Turns private names into properties and fields into assignments, which are plain ES2020. Otherwise, a page's bundler may put its
 * helpers for them outside of the function whose source the worker runs. The names of a subclass differ from its base class's.
 */
function plainClasses(): Plugin {
  const tsconfigRaw = { compilerOptions: { useDefineForClassFields: false } };
  return {
    name: "plain-classes",
    async transform(source, id) {
      // Pages get the help texts from the module `wasm-dqn/help`.
      const code = /config\/(?:parameters|recipeTable)\.js$/.test(id)
        ? source.replace(helpText, "")
        : source;
      const owner = /class (\w+) extends /.exec(code)?.[1] ?? "";
      const text = code
        .replace(privateName, `private_$1_${owner}`)
        .replace(/^const fround = Math\.fround;$/m, 'import { fround } from "fround";');
      return transform(text, { loader: "ts", target: "es2020", tsconfigRaw });
    },
  };
}

/** Shortens the private names. The `$` keeps them apart from the members of a page's subclasses. */
function shorten(code: string): string {
  const names = [...new Set(code.match(/\bprivate_\w+/g))];
  return code.replace(/\bprivate_\w+/g, (name) => `$${names.indexOf(name).toString(36)}`);
}

/**
 * Wraps the library in one function that returns the exports, `serveTrainer` first. A worker runs the function's source, so it
 * needs no second file. The kernels come last, where they compress best.
 */
function oneFunction(): Plugin {
  return {
    name: "one-function",
    enforce: "pre",
    resolveId: (source) => (source in instead ? `\0${source}` : null),
    load: (id) => instead[id.slice(1)] ?? null,
    async generateBundle(_options, bundle) {
      const chunk = bundle["index.js"];
      if (chunk?.type !== "chunk") throw new Error("The browser build has no index.js.");
      const [, body = "", list = ""] = /^(.*)export\{([^}]*)\};?\s*$/s.exec(chunk.code) ?? [];
      const exported = list.split(",").map((entry) => entry.trim().split(" as "));
      const named = (name: string) => exported.findIndex((pair) => pair.at(-1) === name);
      exported.unshift(...exported.splice(named("serveTrainer"), 1));
      const own = exported.map(([name]) => name);
      const library = `function wasmDqnLibrary(wasmDqnKernels){${shorten(body)}return[${own}]}`;
      const names = exported.map((pair) => pair.at(-1));
      const kernels = /".*"/s.exec(readFileSync("build/coreBytes.js", "utf8"));
      if (exported.length !== chunk.exports.length || kernels === null) {
        throw new Error("The browser build's exports or its kernels' text could not be read.");
      }
      // Saves 2 % more than Vite's minifier alone.
      const compress = {
        ...{ passes: 3, pure_getters: true, arrows: false, unsafe_methods: true },
        ...{ unsafe_comps: true, unsafe_undefined: true, keep_fargs: false, lhs_constants: false },
      };
      const { code: small = library } = await minify(library, { ecma: 2020, compress });
      chunk.code = `${arrange(small)}export const[${names}]=wasmDqnLibrary(${kernels});`;
      const worker = 'import{serveTrainer}from"./index.js";serveTrainer();\n';
      this.emitFile({ type: "asset", fileName: "worker.js", source: worker });
    },
  };
}

// Builds the browser entry: the library and its kernels as one file without imports.
export default defineConfig({
  publicDir: false,
  plugins: [plainClasses(), oneFunction()],
  build: {
    outDir: "build/browser",
    target: "es2020",
    modulePreload: false,
    rolldownOptions: {
      input: "build/src/index.js",
      preserveEntrySignatures: "strict",
      output: {
        entryFileNames: "index.js",
        generatedCode: { symbols: false },
      },
    },
  },
});
