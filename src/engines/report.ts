import { type Column, columns, exactColumns, fmaColumns, type Sums } from "./sums.ts";

/** Result of one engine. */
export interface EngineReport {
  readonly name: string;
  /** null if the engine is not installed. */
  readonly version: string | null;
  /** Sums of the finished runs, by the headings of `columns`. */
  readonly sums: Sums;
  readonly seconds: number;
  /** Why the engine is not compared; null if it is. */
  readonly absent: string | null;
  /** Why the sums of `wasm-fma` are not compared; null if they are. */
  readonly skipped: string | null;
  /** Why the engine did not finish; null if it did. */
  readonly failure: string | null;
}

const DIGITS = 12;

function engineName({ name, version }: EngineReport): string {
  return version === null ? name : `${name.replace(/ \d+$/, "")} ${version}`;
}

function cells(report: EngineReport, expected: Sums, shown: readonly Column[]): string[] {
  const sums = shown.map(({ heading, name }) => {
    const sum = report.sums[heading];
    if (sum === undefined) return "-";
    return sum.slice(0, DIGITS) + (sum === expected[name] ? "" : " !");
  });
  return [engineName(report), ...sums, report.seconds.toFixed(1)];
}

/** Two tables of the first digits of the expected sums and of each engine's sums. `!` marks a sum that differs. */
export function reportTables(reports: readonly EngineReport[], expected: Sums): string {
  const fused = reports.filter(({ absent }) => absent === null);
  return `${table(reports, expected, exactColumns)}\n\n${table(fused, expected, fmaColumns)}`;
}

function table(reports: readonly EngineReport[], expected: Sums, shown: readonly Column[]): string {
  const rows = [
    ["", ...shown.map(({ heading }) => heading), "seconds"],
    ["expected", ...shown.map(({ name }) => expected[name]?.slice(0, DIGITS) ?? "-")],
    ...reports.map((report) => {
      const missing = report.absent ?? (shown === fmaColumns ? report.skipped : null);
      return missing === null ? cells(report, expected, shown) : [engineName(report), missing];
    }),
  ];
  const whole = rows.filter((row) => row.length > 2);
  const widths = rows[0]!.map((_, k) => Math.max(...whole.map((row) => row[k]?.length ?? 0)));
  widths[0] = Math.max(...rows.map(([first = ""]) => first.length));
  const lines = rows.map((row) => row.map((cell, k) => cell.padEnd(widths[k]!)).join("  "));
  return lines.map((line) => line.trimEnd()).join("\n");
}

/** Whether every engine that ran has the expected sums, with the reasons in sentences; false if no engine ran. */
export function verdict(
  reports: readonly EngineReport[],
  expected: Sums,
): { equal: boolean; sentences: readonly string[] } {
  const ran = reports.filter(({ absent }) => absent === null);
  const wrong = ran.flatMap((report) => {
    const different = columns.filter(
      ({ heading, name }) => (report.sums[heading] ?? expected[name]) !== expected[name],
    );
    const list = different.map(({ heading }) => heading).join(", ");
    const difference = `${engineName(report)} differs from the expected sums: ${list}.`;
    const failure = `${engineName(report)} did not finish: ${report.failure}.`;
    return [
      ...(different.length > 0 ? [difference] : []),
      ...(report.failure === null ? [] : [failure]),
    ];
  });
  const absent = reports.flatMap(({ absent, name }) => (absent === null ? [] : [name]));
  const missing = absent.length > 0 ? [`Not compared: ${absent.join(", ")}.`] : [];
  if (ran.length === 0) return { equal: false, sentences: [...missing, "No engine was compared."] };
  const equal = wrong.length === 0;
  const all = `All equal: ${exactColumns.length} sums on ${ran.length} of ${reports.length} engines, bit for bit.`;
  const fused = ran.filter(({ skipped }) => skipped === null).length;
  const fma = `Of wasm-fma: ${fmaColumns.length} sums on ${fused} of ${reports.length} engines.`;
  return { equal, sentences: [...wrong, ...missing, ...(equal ? [all, fma] : [])] };
}
