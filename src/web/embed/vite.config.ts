import { defineConfig, type Plugin } from "vite";
import { replaced, smaller } from "../vite.config.ts";

const source = `${import.meta.dirname}/..`;

/** Makes one named function of the script, so that a worker can run its source. */
function oneFunction(): Plugin {
  return {
    name: "one-function",
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        if (chunk.imports.length > 0) throw new Error(`${chunk.fileName} must have no imports.`);
        chunk.code = `(function wasmDqnDemo(){${chunk.code}\n})();\n`;
      }
    },
  };
}

// Builds the custom element <wasm-dqn-demo> with the library and the kernels as one file.
export default defineConfig({
  publicDir: false,
  resolve: { alias: { "#fma-module": `${source}/../kernels/fmaModule.ts` } },
  plugins: [smaller(replaced, "help|description|source"), oneFunction()],
  build: {
    outDir: `${source}/../../build/web`,
    emptyOutDir: false,
    target: "es2022",
    modulePreload: false,
    rolldownOptions: {
      input: `${import.meta.dirname}/demo.ts`,
      output: { entryFileNames: "wasm-dqn-demo.js", format: "es" },
    },
  },
});
