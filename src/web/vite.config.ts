import { defineConfig } from "vite";

// Builds the page as static files that work in any folder of any server.
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  build: {
    outDir: "../../build/web",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  preview: { port: 5173 },
});
