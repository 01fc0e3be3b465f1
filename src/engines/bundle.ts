import { fileURLToPath } from "node:url";
import { RunError } from "../errors.ts";

/** Bundles program.ts with Vite into one script without imports that contains the kernels. */
export async function bundleProgram(): Promise<string> {
  const { build } = await import("vite").catch(() => {
    throw new RunError("Vite is not installed: run this in a checkout of wasm-dqn, after npm ci.");
  });
  const output = await build({
    configFile: false,
    logLevel: "error",
    publicDir: false,
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
