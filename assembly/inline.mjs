// Writes the release build as a JavaScript module, build/coreBytes.js, so that whoever imports the library has the kernels
// with it: no file to find, nothing to fetch.
import { readFileSync, writeFileSync } from "node:fs";

const build = (name) => new URL(`../build/${name}`, import.meta.url);
const base64 = readFileSync(build("release.wasm")).toString("base64");
writeFileSync(build("coreBytes.js"), `export const coreBase64 = "${base64}";\n`);
writeFileSync(build("coreBytes.d.ts"), "export declare const coreBase64: string;\n");
