// Writes the release build as a JavaScript module, build/coreBytes.js, so that whoever imports the library has the kernels
// with it: no file to find, nothing to fetch. The text is plain ASCII, so that no page's or server's charset can change it: a
// character a byte, moved up a little, so that the commonest bytes need no escapes; what then is 127 or more has a prefix of one
// or two characters. Compressed that is a quarter smaller than base64.
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
const says = `The kernels' WebAssembly module: characters' codes are bytes plus ${MOVED}, modulo 256; ${PREFIX} is added to the next one's.`;
writeFileSync(build("coreBytes.js"), `export const coreText = "${text}";\n`);
writeFileSync(build("coreBytes.d.ts"), `/** ${says} */\nexport declare const coreText: string;\n`);
