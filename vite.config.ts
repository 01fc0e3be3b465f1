import { readFileSync } from "node:fs";
import { transform } from "esbuild";
import { minify } from "terser";
import { defineConfig, type Plugin } from "vite";

/** What stands in for modules that the browser's file does without. */
const instead: Readonly<Record<string, string>> = {
  // The loader is for modules that export classes and strings.
  "@assemblyscript/loader":
    "export const instantiateSync = (module, imports) => ({ instance: new WebAssembly.Instance(module, imports) });",
  "wasm-dqn/core-bytes": "export const coreText = wasmDqnKernels;",
  // One for all kernels: many short names that are the same compress best.
  fround: "export const fround = Math.fround;",
};

/** Texts of the tables of hyperparameters and of recipes. */
const helpText = /,\s*(?:help|description|source):\s*"[^"]*"/g;

/** A private name where tsc writes one: after a dot, or as a member's own. */
const privateName = /(?<=\.|^ +(?:async |get |set )*)#(\w+)/gm;

/**
 * Private names become properties, and fields assignments, so that the file is plain ES2020. A page's bundler would otherwise put
 * what it replaces them by outside of the function that a worker is made of. A class that extends another has names of its own.
 */
function plainClasses(): Plugin {
  const tsconfigRaw = { compilerOptions: { useDefineForClassFields: false } };
  return {
    name: "plain-classes",
    async transform(source, id) {
      // Help texts are a module of their own for pages: `wasm-dqn/help`.
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

/** Short names for the private ones, that no class of a page's own has which extends one of ours. */
function shorten(code: string): string {
  const names = [...new Set(code.match(/\bprivate_\w+/g))];
  return code.replace(/\bprivate_\w+/g, (name) => `$${names.indexOf(name).toString(36)}`);
}

/**
 * Puts the whole library inside of one function, whose source a worker can be made of: no second file, nothing twice. It
 * returns what is exported, serveTrainer first. The kernels come last, where they compress best.
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
      const code = `${library}export const[${names}]=wasmDqnLibrary(${kernels});`;
      // What Vite's own minifier leaves: 2 % more.
      const compress = {
        ...{ passes: 3, pure_getters: true, unsafe_arrows: true, unsafe_methods: true },
        ...{ unsafe_comps: true, unsafe_undefined: true, keep_fargs: false },
      };
      chunk.code = (await minify(code, { module: true, ecma: 2020, compress })).code ?? code;
      const worker = 'import{serveTrainer}from"./index.js";serveTrainer();\n';
      this.emitFile({ type: "asset", fileName: "worker.js", source: worker });
    },
  };
}

// The browser's entry: the library as one file without imports, kernels included.
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
