// Setup of `npm run test:debug`: the tests run on the debug build, whose assertions trap on misaligned pointers and wrong sizes and
// whose stack traces name the functions.
import { readFileSync } from "node:fs";
import { loadCore } from "../../src/kernels/core.ts";

await loadCore(readFileSync(new URL("../../build/debug.wasm", import.meta.url)));
