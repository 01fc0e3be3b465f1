// Setup of `npm run test:debug`: uses the debug build, which traps on misaligned pointers and wrong sizes and has
// function names in its stack traces.
import { readFileSync } from "node:fs";
import { loadCore } from "../../src/kernels/core.ts";

await loadCore(readFileSync(new URL("../../build/debug.wasm", import.meta.url)));
