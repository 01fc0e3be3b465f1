import { defineConfig } from "vite";

// Builds the page as static files that work in any folder of any server.
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  // The page's build may run before `tsc` has written the file that package.json names.
  resolve: { alias: { "#fma-module": `${import.meta.dirname}/../kernels/fmaModule.ts` } },
  build: {
    outDir: "../../build/web",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ["index.html", "records/index.html"].map((page) => `${import.meta.dirname}/${page}`),
    },
  },
  worker: { format: "es" },
  preview: { port: 5173 },
});
