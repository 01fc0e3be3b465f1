// Replaces two types in build/src/config/config.d.ts by object types with a comment on each hyperparameter. tsc has no
// comment to copy, and TypeScript 7 shows none for the members of a mapped type. `npm run build` runs this file after tsc.
import { readFileSync, writeFileSync } from "node:fs";
import { configKeys } from "../config/config.ts";
import { documentation, typeText } from "./parameterText.ts";

const path = new URL("../config/config.d.ts", import.meta.url);

/** An object type with all hyperparameters. */
function objectType(optional: boolean): string {
  const members = configKeys.map(
    (key) =>
      `    /** ${documentation(key)} */\n    readonly ${key}${optional ? "?" : ""}: ${typeText(key)};\n`,
  );
  return `{\n${members.join("")}}`;
}

let text = readFileSync(path, "utf8");
for (const [declaration, type] of [
  ["export type Config = Values<typeof parameters>;", objectType(false)],
  ["export type ConfigChanges = Partial<Config>;", objectType(true)],
] as const) {
  if (!text.includes(declaration)) throw new Error(`${path.pathname} lacks "${declaration}".`);
  text = text.replace(declaration, () => `${declaration.split("=")[0]}= ${type};`);
}
const imports = 'import type { EnvironmentId } from "../environments/registry.ts";\n';
writeFileSync(path, `${imports}${text}`);
