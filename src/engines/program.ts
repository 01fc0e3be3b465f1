// The program that every engine runs. It trains each case on each backend and writes one line of JSON per run: a page posts
// it to the server, a shell prints it. The lines hold weights instead of sums, since JavaScriptCore's shell has no SHA-256.
import {
  cases,
  exactBackends,
  fmaObstacle,
  type RunLine,
  runCase,
  type SkippedBackend,
} from "./cases.ts";

/** Last line of the program; `error` is the reason if it failed. */
export interface LastLine {
  readonly done: true;
  readonly error?: string;
}

async function write(line: RunLine | SkippedBackend | LastLine): Promise<void> {
  const text = JSON.stringify(line);
  if (typeof document === "object") await fetch("lines", { method: "POST", body: text });
  else console.log(text);
}

async function main(): Promise<void> {
  const skipped = fmaObstacle();
  if (skipped !== null) await write({ backend: "wasm-fma", skipped });
  for (const name of Object.keys(cases)) {
    for (const backend of exactBackends) await write(runCase(name, backend));
    if (skipped === null) await write(runCase(name, "wasm-fma"));
  }
  await write({ done: true });
}

main().catch((error: unknown) => write({ done: true, error: String(error) }));
