// npm run bench:nodes [-- --node 20,24]: runs `bench` in several versions of Node, one after the other, and prints one table.
// The first call installs the versions that are not running into build/engines.
import { spawnSync } from "node:child_process";
import { nodeEngine } from "../engines/nodes.ts";
import { RunError, UsageError } from "../errors.ts";
import { packageFile } from "../runs/packageVersion.ts";
import type { BenchReport } from "./bench.ts";
import { comparisonCells, comparisonHeads, microsecondsCell } from "./cells.ts";
import { readFlags } from "./flags.ts";

const main = packageFile("build/node/main.js");

/** Runs `bench --json` in a version of Node. Progress goes to stderr. */
async function reportOfNode(major: number): Promise<BenchReport> {
  const executable = await nodeEngine(major).locate();
  console.error(`Node ${major}`);
  const { status, stdout } = spawnSync(executable, [main, "bench", "--json"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new RunError(`bench failed in Node ${major}.`);
  return JSON.parse(stdout) as BenchReport;
}

function summary({ node, peakGflops }: BenchReport): string {
  return `Node ${node}${peakGflops === null ? "" : `, multiply-add peak ${peakGflops.toFixed(1)} GFLOP/s`}`;
}

/** A Markdown table with the columns of every report side by side. */
function markdown(reports: readonly BenchReport[]): string {
  const rows = reports[0]!.rows.map(({ name }, k) => {
    const cells = reports.flatMap(({ rows }) => {
      const row = rows[k]!;
      return [microsecondsCell(row.backends[0]!.microseconds), ...comparisonCells(row)];
    });
    return [`\`${name}\``, ...cells];
  });
  const heads = reports.flatMap(({ node, rows }) => {
    const [row] = rows;
    const [major] = node.split(".");
    return [`Node ${major!.slice(1)}: ${row!.backends[0]!.backend} us`, ...comparisonHeads(row!)];
  });
  const rule = ["---", ...heads.map(() => "---")];
  return [["", ...heads], rule, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const flags = readFlags({ node: { type: "string", default: "20,24" } });
if (!/^\d+(,\d+)*$/.test(flags.node)) {
  throw new UsageError(
    `--node must be a comma-separated list of major versions, got "${flags.node}".`,
  );
}
const reports: BenchReport[] = [];
for (const major of flags.node.split(",")) reports.push(await reportOfNode(Number(major)));
console.log(`${reports[0]!.machine}; ${reports.map(summary).join("; ")}\n\n${markdown(reports)}`);
