// Writes the release build as a JavaScript module, build/coreBytes.js, so that whoever imports the library has the kernels
// with it: no file to find, nothing to fetch. A character a byte, moved up a little, so that the commonest bytes need no escapes:
// compressed that is a quarter smaller than base64.
import { readFileSync, writeFileSync } from "node:fs";

const MOVED = 40;
const build = (name) => new URL(`../build/${name}`, import.meta.url);
const escapes = { 0: "\\x00", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\" };
const text = Array.from(readFileSync(build("release.wasm")), (byte) => {
  const code = (byte + MOVED) % 256;
  return escapes[code] ?? String.fromCharCode(code);
}).join("");
const says = `The kernels' WebAssembly module: each character's code is a byte plus ${MOVED}, modulo 256.`;
writeFileSync(build("coreBytes.js"), `export const coreText = "${text}";\n`);
writeFileSync(build("coreBytes.d.ts"), `/** ${says} */\nexport declare const coreText: string;\n`);
