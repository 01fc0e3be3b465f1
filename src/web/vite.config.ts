import { defineConfig, type Plugin } from "vite";

/** The part of the loader that kernels need: they export neither classes nor strings. */
const loader =
  "export const instantiateSync = (module, imports) => ({ instance: new WebAssembly.Instance(module, imports) });";

/**
 * Replaces modules, and leaves texts out of the tables of hyperparameters and recipes.
 * @param texts names of the texts
 */
export function smaller(instead: Readonly<Record<string, string>>, texts: string): Plugin {
  const omitted = new RegExp(`,?\\s*\\b(?:${texts}):\\s*"[^"]*"`, "g");
  return {
    name: "smaller",
    enforce: "pre",
    resolveId: (source) => (source in instead ? `\0${source}` : null),
    load: (id) => instead[id.slice(1)] ?? null,
    transform: (code, id) =>
      /config\/(?:parameters|recipeTable)\.ts$/.test(id) ? code.replace(omitted, "") : null,
  };
}

export const replaced = { "@assemblyscript/loader": loader };

// Builds the page as static files that work in any folder of any server. The page and its workers share most of their modules, so
// they are entries of one build.
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  // The page's build may run before `tsc` has written the file that package.json names.
  resolve: { alias: { "#fma-module": `${import.meta.dirname}/../kernels/fmaModule.ts` } },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [smaller(replaced, "description|source")],
  build: {
    outDir: "../../build/web",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: `${import.meta.dirname}/index.html`,
        records: `${import.meta.dirname}/records/index.html`,
        worker: `${import.meta.dirname}/worker.ts`,
        minAtarWorker: `${import.meta.dirname}/minAtarWorker.ts`,
      },
      output: {
        entryFileNames: ({ name }) =>
          /worker$/i.test(name) ? "[name].js" : "assets/[name]-[hash].js",
      },
    },
  },
  worker: { format: "es", plugins: () => [smaller(replaced, "help|description|source")] },
  preview: { port: 5173 },
});
