import { defineConfig, type Plugin } from "vite";

/** The part of the loader that kernels need: they export neither classes nor strings. */
const loader =
  "export const instantiateSync = (module, imports) => ({ instance: new WebAssembly.Instance(module, imports) });";

/** Modules that only the worker needs. The page's own script trains nothing and plays with the JavaScript kernels. */
const workerOnly = {
  "./trainingHost.ts": "export class TrainingHost {}",
  "wasm-dqn/core-bytes": 'export const coreText = "";',
};

/**
 * Replaces modules, and leaves texts out of the tables of hyperparameters and recipes. Both save 40 kB over the wire.
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

// Builds the page as static files that work in any folder of any server.
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  // The page's build may run before `tsc` has written the file that package.json names.
  resolve: { alias: { "#fma-module": `${import.meta.dirname}/../kernels/fmaModule.ts` } },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [smaller({ ...replaced, ...workerOnly }, "description|source")],
  build: {
    outDir: "../../build/web",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ["index.html", "records/index.html"].map((page) => `${import.meta.dirname}/${page}`),
    },
  },
  worker: { format: "es", plugins: () => [smaller(replaced, "help|description|source")] },
  preview: { port: 5173 },
});
