import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The rows of a sweep's results.csv without the time they took. */
export function rows(folder: string, out = "s"): string[] {
  const lines = readFileSync(join(folder, out, "results.csv"), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => line.replace(/(,(?:true|false),\d+,\d+),[\d.e-]+,/, "$1,"));
}
