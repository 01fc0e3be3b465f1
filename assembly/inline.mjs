// Writes the release build into a JavaScript module, build/coreBytes.js, so that the library needs no file access and no fetch.
// The bytes are ASCII text, which no charset changes. Each character is a byte XOR 104: the most frequent bytes then need
// no escape. Each 127 in that number becomes a prefix character. Compressed, the text is 25 % smaller than base64.
import { readFileSync, writeFileSync } from "node:fs";

const MASK = 104;
const PREFIX = 127;
const build = (name) => new URL(`../build/${name}`, import.meta.url);
const escapes = { 0: "\\x00", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\" };
const text = Array.from(readFileSync(build("release.wasm")), (byte) => {
  const masked = byte ^ MASK;
  const code = masked % PREFIX;
  const prefixes = String.fromCharCode(PREFIX).repeat(Math.floor(masked / PREFIX));
  return prefixes + (escapes[code] ?? String.fromCharCode(code));
}).join("");
const description = `The WebAssembly module of the kernels: character codes are bytes XOR ${MASK}; character ${PREFIX} adds ${PREFIX} to the next one.`;
writeFileSync(build("coreBytes.js"), `export const coreText = "${text}";\n`);
writeFileSync(
  build("coreBytes.d.ts"),
  `/** ${description} */\nexport declare const coreText: string;\n`,
);
