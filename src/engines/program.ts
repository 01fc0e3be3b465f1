// What every engine runs, in one file without imports: trains each case on each backend and tells of each in a line of
// JSON. A page sends its lines to where it came from, a shell prints them. They hold weights, not sums: JavaScriptCore's
// shell has no SHA-256.
import { backends, cases, type RunLine, runCase } from "./cases.ts";

/** The last line of a program that came to its end, or died of what `error` says. */
export interface LastLine {
  readonly done: true;
  readonly error?: string;
}

async function tell(line: RunLine | LastLine): Promise<void> {
  const text = JSON.stringify(line);
  if (typeof document === "object") await fetch("lines", { method: "POST", body: text });
  else console.log(text);
}

async function main(): Promise<void> {
  for (const name of Object.keys(cases)) {
    for (const backend of backends) {
      await tell(runCase(name, backend));
    }
  }
  await tell({ done: true });
}

main().catch((error: unknown) => tell({ done: true, error: String(error) }));
