import { defineConfig } from "vite";

// The browser's entry: the library as one file without imports, kernels included.
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "build/browser",
    target: "es2022",
    modulePreload: false,
    rolldownOptions: {
      input: "build/src/index.js",
      preserveEntrySignatures: "strict",
      output: { format: "es", entryFileNames: "index.js" },
    },
  },
});
