import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The version in package.json. */
export function packageVersion(): string {
  const path = createRequire(import.meta.url).resolve("wasm-dqn/package.json");
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}
