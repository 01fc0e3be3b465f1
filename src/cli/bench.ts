import type { Command } from "commander";
import { type BenchReport, type BenchRow, bench } from "../bench/bench.ts";
import { comparisonCells, comparisonHeads, microsecondsCell } from "../bench/cells.ts";

export function addBenchCommand(program: Command): void {
  program
    .command("bench")
    .description("time the WebAssembly and the JavaScript kernels on the same work")
    .option("--json", "print the table as one JSON object on stdout, progress on stderr")
    .helpOption("-h, --help", "show this help")
    .action((flags: { readonly json?: true }) => {
      const live = process.stderr.isTTY === true;
      const report = bench((name, done, of) => {
        const text = `${done}/${of} ${name}`;
        process.stderr.write(live ? `\r\u001b[2K${text}` : `${text}\n`);
      });
      if (live) process.stderr.write("\r\u001b[2K");
      process.stdout.write(flags.json === true ? `${JSON.stringify(report)}\n` : table(report));
      if (report.peakFailure !== null) process.stderr.write(`wasm-dqn: ${report.peakFailure}\n`);
    });
}

function head(row: BenchRow): string[] {
  return ["", ...row.backends.map(({ backend }) => `${backend} us`), ...comparisonHeads(row)];
}

function cells(row: BenchRow): string[] {
  const times = row.backends.map(({ microseconds }) => microsecondsCell(microseconds));
  return [row.name, ...times, ...comparisonCells(row)];
}

function table({ machine, node, peakGflops, rows }: BenchReport): string {
  const texts = [head(rows[0]!), ...rows.map(cells)];
  const widths = texts[0]!.map((_, k) => Math.max(...texts.map((row) => row[k]!.length)));
  const lines = texts.map((row) =>
    row
      .map((cell, k) => (k === 0 ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!)))
      .join("  ")
      .trimEnd(),
  );
  const peak = peakGflops === null ? "" : `, multiply-add peak ${peakGflops.toFixed(1)} GFLOP/s`;
  const note = "medians; in brackets the 5th and the 95th percentile";
  return `${machine}, Node ${node}${peak}; ${note}\n\n${lines.join("\n")}\n`;
}
