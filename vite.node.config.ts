import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const module = (path: string) => fileURLToPath(new URL(`build/src/${path}.js`, import.meta.url));

/** Packages that stay apart: jiti reads its own files, the others are optional. */
const external = [/^wasm-dqn\//, "jiti", "bullmq", "ioredis"];

// Builds the library and the command line for Node: few files, because Node takes about 0.5 ms to load one. All entries share their
// modules, so an environment that imports wasm-dqn uses the classes of the command that runs it.
export default defineConfig({
  publicDir: false,
  // Node's choice of a package's file, so that a default import means the same in tests and in the bundle.
  ssr: { noExternal: true, resolve: { mainFields: ["main"] } },
  build: {
    ssr: true,
    outDir: "build/node",
    target: "node20",
    license: { fileName: "licences.md" },
    rolldownOptions: {
      external,
      input: {
        index: module("index"),
        worker: module("browserTrainer/worker"),
        help: module("config/help"),
        games: module("games/index"),
        main: module("cli/main"),
        commandThread: module("cli/commandThread"),
        trialThread: module("sweep/trialThread"),
      },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        codeSplitting: {
          groups: [
            // Modules that the main thread of `train` loads before it starts the command's thread.
            {
              name: "start",
              test: /src\/(errors|files\/fileError|cli\/(commands|commandState|exitProcess|stopSignals))\.js$/,
            },
            // Modules of `wasm-dqn/help`.
            { name: "parameters", test: /src\/config\/(help|parameters|recipeTable)\.js$/ },
            {
              name: "library",
              test: /src\/(config|dqn|environments|formats|kernels|network|numerics)\/|loader/,
            },
            {
              name: "commands",
              test: /src\/(cli|files|runs|terminal\/progress|numberText)|commander/,
              minShareCount: 2,
            },
          ],
        },
      },
    },
  },
});
