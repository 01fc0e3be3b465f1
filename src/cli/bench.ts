import type { Command } from "commander";
import { type BenchReport, type BenchRow, bench } from "../bench/bench.ts";

export function addBenchCommand(program: Command): void {
  program
    .command("bench")
    .description("time the WebAssembly and the JavaScript kernels on the same work")
    .option("--json", "print the table as one JSON object on stdout, progress on stderr")
    .helpOption("-h, --help", "show this help")
    .action((flags: { readonly json?: true }) => {
      const live = process.stderr.isTTY === true;
      const report = bench((row, done, of) => {
        const text = `${done}/${of} ${row.name}`;
        process.stderr.write(live ? `\r\u001b[2K${text}` : `${text}\n`);
      });
      if (live) process.stderr.write("\r\u001b[2K");
      process.stdout.write(flags.json === true ? `${JSON.stringify(report)}\n` : table(report));
    });
}

function microseconds(value: number): string {
  return value.toFixed(value < 10 ? 3 : value < 1000 ? 1 : 0);
}

function cells(row: BenchRow): string[] {
  const gflops = (value: number | null) => (value === null ? "" : value.toFixed(1));
  return [
    row.name,
    microseconds(row.wasmMicroseconds),
    microseconds(row.jsMicroseconds),
    `${row.ratio.toFixed(1)}x`,
    gflops(row.gflops),
    gflops(row.jsGflops),
    row.peakFraction === null ? "" : `${Math.round(100 * row.peakFraction)}%`,
  ];
}

function table(report: BenchReport): string {
  const head = ["", "wasm us", "js us", "wasm is", "GFLOP/s", "js GFLOP/s", "of peak"];
  const rows = [head, ...report.rows.map(cells)];
  const widths = head.map((_, k) => Math.max(...rows.map((row) => row[k]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, k) => (k === 0 ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!)))
      .join("  ")
      .trimEnd(),
  );
  const peak = `multiply-add peak ${report.peakGflops.toFixed(1)} GFLOP/s`;
  return `${report.machine}, Node ${report.node}, ${peak}; medians\n\n${lines.join("\n")}\n`;
}
