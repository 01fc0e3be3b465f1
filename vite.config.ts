import { readFileSync } from "node:fs";
import { minify } from "terser";
import { defineConfig, type Plugin } from "vite";

/** What stands in for modules that the browser's file does without. */
const instead: Readonly<Record<string, string>> = {
  // The loader is for modules that export classes and strings.
  "@assemblyscript/loader":
    "export const instantiateSync = (module, imports) => ({ instance: new WebAssembly.Instance(module, imports) });",
  "wasm-dqn/core-bytes": "export const coreText = wasmDqnKernels;",
};

/**
 * Puts the whole library inside of one function, whose source a worker can be made of: no second file, nothing twice. The kernels
 * come last, where they compress best.
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
      const [code, list = ""] = chunk.code.split(/export\s*{(?=[^{]*$)/);
      // Pairs of a name inside and a name outside, the worker's entry first.
      const pairs = [...list.matchAll(/([\w$]+) as (\w+)/g)].sort(
        ([, , a], [, , b]) => Number(b === "serveTrainer") - Number(a === "serveTrainer"),
      );
      if (pairs.length !== chunk.exports.length) throw new Error("The exports are not all read.");
      const inside = pairs.map(([, name]) => name);
      const outside = pairs.map(([, , name]) => name);
      const library = `function wasmDqnLibrary(wasmDqnKernels){${code};return[${inside}]}`;
      const kernels = /".*"/s.exec(readFileSync("build/coreBytes.js", "utf8"));
      const file = `${library}export const[${outside}]=wasmDqnLibrary(${kernels});`;
      // What Vite's own minifier leaves: 2 % more.
      const compress = { passes: 3, pure_getters: true, unsafe_arrows: true };
      chunk.code = (await minify(file, { module: true, ecma: 2020, compress })).code ?? file;
      const worker = 'import{serveTrainer}from"./index.js";serveTrainer();\n';
      this.emitFile({ type: "asset", fileName: "worker.js", source: worker });
    },
  };
}

// The browser's entry: the library as one file without imports, kernels included.
export default defineConfig({
  publicDir: false,
  plugins: [oneFunction()],
  build: {
    outDir: "build/browser",
    target: "es2022",
    modulePreload: false,
    rolldownOptions: {
      input: "build/src/index.js",
      preserveEntrySignatures: "strict",
      output: {
        entryFileNames: "index.js",
      },
    },
  },
});
