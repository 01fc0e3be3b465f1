import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { RunError } from "../errors.ts";

/** Puts the kernels of `wasm-fma` into the program, because most engines have no files. */
const inlineFma = {
  name: "inline-fma",
  enforce: "pre" as const,
  resolveId: (source: string) => (source === "#fma-module" ? "\0fma" : null),
  load(id: string) {
    if (id !== "\0fma") return null;
    const bytes = readFileSync(new URL("../../fma.wasm", import.meta.url));
    return `export const fmaModule = () => new WebAssembly.Module(Uint8Array.of(${[...bytes]}));`;
  },
};

/** Bundles program.ts with Vite into one script without imports that contains the kernels. */
export async function bundleProgram(): Promise<string> {
  const { build } = await import("vite").catch(() => {
    throw new RunError("Vite is not installed: run this in a checkout of wasm-dqn, after npm ci.");
  });
  const output = await build({
    configFile: false,
    logLevel: "error",
    publicDir: false,
    plugins: [inlineFma],
    build: {
      write: false,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: {
        input: fileURLToPath(new URL("./program.js", import.meta.url)),
        output: { format: "iife" },
      },
    },
  });
  const [chunk] = Array.isArray(output) || !("output" in output) ? [] : output.output;
  if (chunk === undefined) throw new RunError("Vite did not bundle src/engines/program.ts.");
  return chunk.code;
}
