import { basename } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { withCardAddress } from "./cardAddress.ts";

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

const folder = import.meta.dirname;

/** Parts of the library that the page loads later, or never. */
const loadedLater: Plugin = {
  name: "loaded-later",
  enforce: "pre",
  async resolveId(source, importer, options) {
    // src/web/workers/jsWorker.ts, or the page in a browser without WebAssembly, registers the JavaScript kernels.
    if (source === "./jsBackend.ts") return this.resolve("./registeredJsKernels.ts", importer);
    // The help texts of the form, which loads later. `smaller` leaves them out of the trainer.
    if (source === "./parameters.ts" && importer?.endsWith("/help.ts")) {
      const table = await this.resolve(source, importer, { ...options, skipSelf: true });
      return table && `${table.id}?help`;
    }
    // The list in package.json has only built files.
    if (!/(registerJsKernels|gameWorker)\.ts$/.test(source)) return null;
    const found = await this.resolve(source, importer, { ...options, skipSelf: true });
    return found && { ...found, moduleSideEffects: true };
  },
  // Vite's preloads the styles of later scripts, which have none here.
  load: (id) =>
    id.endsWith("vite/preload-helper.js") ? "export const __vitePreload = (load) => load();" : null,
};

/** Preloads the scripts that a page imports at its start. */
const preloadShared: Plugin = {
  name: "preload-shared",
  transformIndexHtml: {
    order: "post",
    handler: (_html, { chunk, path }) =>
      (chunk?.imports ?? []).map((file) => ({
        tag: "link",
        attrs: { rel: "modulepreload", href: `${path.includes("/records/") ? "../" : ""}${file}` },
      })),
  },
};

const card: Plugin = {
  name: "card",
  transformIndexHtml: {
    order: "post",
    handler: (html) => withCardAddress(html, process.env.SITE_URL),
  },
};

const workers = [
  "workers/worker",
  "workers/gameWorker",
  "workers/jsWorker",
  "workers/recordsWorker",
  "gif/gifWorker",
];

// Builds the page as static files that work in any folder of any server. The page and its workers share most of their modules, so
// they are entries of one build.
export default defineConfig({
  root: folder,
  base: "./",
  // The page's build may run before `tsc` has written the file that package.json names.
  resolve: { alias: { "#fma-module": `${folder}/../kernels/fmaModule.ts` } },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [loadedLater, preloadShared, card, smaller(replaced, "help|description|source")],
  build: {
    outDir: "../../build/web",
    emptyOutDir: true,
    target: "es2022",
    // `preloadShared` adds the links. Vite's own code for them would take 0.9 kB.
    modulePreload: false,
    rolldownOptions: {
      input: {
        index: `${folder}/index.html`,
        records: `${folder}/records/index.html`,
        ...Object.fromEntries(workers.map((path) => [basename(path), `${folder}/${path}.ts`])),
      },
      output: {
        entryFileNames: ({ name }) =>
          /worker$/i.test(name) ? "[name].js" : "assets/[name]-[hash].js",
        codeSplitting: {
          groups: [
            // Modules of both the page and its worker.
            { name: "shared", test: /src\/(errors|web\/startWorker)\.ts$|preload-helper/ },
            {
              name: "trainer",
              test: /src\/(?!web\/|games\/|kernels\/js)|build\/coreBytes|@noble/,
              minShareCount: 3,
            },
          ],
        },
      },
    },
  },
  preview: { port: 5173 },
});
