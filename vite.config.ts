import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import { arrange } from "./src/build/arrange.ts";
import { minified, plainClasses, shorten } from "./src/build/smallCode.ts";

/** Replacement modules for the browser build. */
const instead: Readonly<Record<string, string>> = {
  // Without the loader's support for classes and strings, which the kernels do not export.
  "@assemblyscript/loader":
    "export const instantiateSync = (module, imports) => ({ instance: new WebAssembly.Instance(module, imports) });",
  "wasm-dqn/core-bytes": "export const coreText = wasmDqnKernels;",
};

/**
 * Wraps the library in one function that returns the exports, `serveTrainer` first. A worker runs the function's source, so it
 * needs no second file. The kernels come last, where they compress best.
 */
function oneFunction(): Plugin {
  return {
    name: "one-function",
    enforce: "pre",
    resolveId(source, importer) {
      // The JavaScript kernels are in build/browser/js-kernels.js.
      if (source === "./jsBackend.js") return this.resolve("./registeredJsKernels.js", importer);
      return source in instead ? `\0${source}` : null;
    },
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
      const small = await minified(library);
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
