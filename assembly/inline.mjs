// Writes the release build as a JavaScript module, build/coreBytes.js: importing the library needs no file access and no fetch.
// The text is ASCII, so that no charset of a page or server changes it. A character is a byte plus 40, modulo 256, so that the
// most frequent bytes need no escape; each 127 in that sum becomes one prefix character. Compressed, the text is 25 % smaller
// than base64.
import { readFileSync, writeFileSync } from "node:fs";

const MOVED = 40;
const PREFIX = 127;
const build = (name) => new URL(`../build/${name}`, import.meta.url);
const escapes = { 0: "\\x00", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\" };
const text = Array.from(readFileSync(build("release.wasm")), (byte) => {
  const moved = (byte + MOVED) % 256;
  const code = moved % PREFIX;
  const prefixes = String.fromCharCode(PREFIX).repeat(Math.floor(moved / PREFIX));
  return prefixes + (escapes[code] ?? String.fromCharCode(code));
}).join("");
const description = `The WebAssembly module of the kernels: character codes are bytes plus ${MOVED}, modulo 256; character ${PREFIX} adds ${PREFIX} to the next one.`;
writeFileSync(build("coreBytes.js"), `export const coreText = "${text}";\n`);
writeFileSync(
  build("coreBytes.d.ts"),
  `/** ${description} */\nexport declare const coreText: string;\n`,
);
