import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Rows of a sweep's results.csv without their durations. */
export function rows(folder: string, out = "s"): string[] {
  const lines = readFileSync(join(folder, out, "results.csv"), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => line.replace(/(,(?:true|false),\d+,\d+),[\d.e-]+,/, "$1,"));
}
