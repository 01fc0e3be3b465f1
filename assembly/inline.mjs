// Writes the release build into a JavaScript module, build/coreBytes.js, so that the library needs no file access and no fetch.
// The bytes are ASCII text, which no charset changes. Each character is a byte plus 40, modulo 256: the most frequent bytes then
// need no escape. A sum of 127 or more is a prefix character (127) per 127, then the rest. Compressed, the text is 25 % smaller than
// base64.
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
