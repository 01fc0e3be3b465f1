import { defineConfig, type Plugin } from "vite";

/** The part of the loader that kernels need: they export neither classes nor strings. */
const loader =
  "export const instantiateSync = (module, imports) => ({ instance: new WebAssembly.Instance(module, imports) });";

/** Leaves out what the page never shows or calls. */
function smaller(): Plugin {
  return {
    name: "smaller",
    enforce: "pre",
    resolveId: (source) => (source === "@assemblyscript/loader" ? "\0loader" : null),
    load: (id) => (id === "\0loader" ? loader : null),
    transform: (code, id) =>
      id.endsWith("config/recipeTable.ts")
        ? code.replace(/\b(?:description|source):\s*"[^"]*",/g, "")
        : null,
  };
}

// Builds the page as static files that work in any folder of any server. The page and its worker share most of their modules, so
// they are two entries of one build.
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  // The page's build may run before `tsc` has written the file that package.json names.
  resolve: { alias: { "#fma-module": `${import.meta.dirname}/../kernels/fmaModule.ts` } },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [smaller()],
  build: {
    outDir: "../../build/web",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: `${import.meta.dirname}/index.html`,
        worker: `${import.meta.dirname}/worker.ts`,
      },
      output: {
        entryFileNames: ({ name }) => (name === "worker" ? "worker.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  preview: { port: 5173 },
});
