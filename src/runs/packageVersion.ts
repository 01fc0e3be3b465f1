import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** Path of a file of this package. It does not depend on where the calling module lies. */
export function packageFile(path: string): string {
  return join(createRequire(import.meta.url).resolve("wasm-dqn/package.json"), "..", path);
}

/** The version in package.json. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string })
    .version;
}
