// npm run verify:engines [-- --engines ids] [--json]: checks that a seed gives the same bits on every JavaScript engine.
// The first call installs the versions of Node into build/engines. Browsers and JavaScriptCore's shell must be installed on
// this machine. --write replaces the expected sums if all engines agree.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { RunError, reasonOf, UsageError } from "../errors.ts";
import { saveFile } from "../files/saveFile.ts";
import { chromium, firefox } from "./browsers.ts";
import { bundleProgram } from "./bundle.ts";
import { backends, cases, exactBackends, type RunLine } from "./cases.ts";
import { type Engine, NotInstalled, type ProgramRun } from "./engine.ts";
import { javaScriptCore } from "./javaScriptCore.ts";
import { nodeEngine } from "./nodes.ts";
import { type EngineReport, reportTables, verdict } from "./report.ts";
import { agreedSums, exactColumns, fmaColumns, type Sums, sumsOf } from "./sums.ts";

const known: readonly Engine[] = [
  ...[20, 22, 24, 26].map(nodeEngine),
  chromium,
  firefox,
  javaScriptCore,
];
const sumsFile = fileURLToPath(new URL("../../../test/bench/engines.json", import.meta.url));
const live = process.stderr.isTTY === true;

/** Shows a line of progress on a terminal. A line that `stays` is also printed to other streams. */
function show(text: string, stays = false): void {
  if (live) process.stderr.write(`\r\u001b[2K${text}${stays ? "\n" : ""}`);
  else if (stays) process.stderr.write(`${text}\n`);
}

/** Finds the executable of an engine, or the reason why it is not installed. */
async function find(engine: Engine): Promise<{ executable: string } | { absent: string }> {
  try {
    return { executable: await engine.locate() };
  } catch (error) {
    if (error instanceof NotInstalled) return { absent: error.message };
    throw error;
  }
}

/** Runs the program in one engine. */
async function report(engine: Engine, conditions: ProgramRun): Promise<EngineReport> {
  const { name } = engine;
  show(`${name}: looking for it, or installing it`);
  const found = await find(engine);
  const nothing = { name, version: null, sums: {}, seconds: 0, failure: null, skipped: null };
  if ("absent" in found) return { ...nothing, absent: found.absent };

  const version = engine.version(found.executable);
  const runs: RunLine[] = [];
  const started = performance.now();
  let skipped: string | null = null;
  let total = Object.keys(cases).length * backends.length;
  const count = () => show(`${name}, ${version}: ${runs.length} of ${total} runs`);
  count();
  let failure: string | null = null;
  try {
    await engine.run(found.executable, conditions, (run) => {
      if ("skipped" in run) {
        skipped = run.skipped;
        total = Object.keys(cases).length * exactBackends.length;
      } else runs.push(run);
      count();
    });
    if (runs.length !== total) failure = `it reported ${runs.length} of ${total} runs`;
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    failure = error.message;
  }
  const seconds = (performance.now() - started) / 1000;
  const sums: Record<string, string> = {};
  for (const run of runs) Object.assign(sums, await sumsOf(run));
  return { name, version, sums, seconds, failure, skipped, absent: null };
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        engines: { type: "string", default: known.map(({ id }) => id).join(",") },
        json: { type: "boolean", default: false },
        timeout: { type: "string", default: "120" },
        write: { type: "boolean", default: false },
      },
    });
    const ids = values.engines.split(",");
    const engines = known.filter(({ id }) => ids.includes(id));
    const unknown = ids.find((id) => !known.some((engine) => engine.id === id));
    if (unknown !== undefined) {
      const list = known.map(({ id }) => id).join(", ");
      throw new UsageError(
        `--engines must be a comma-separated list of ${list}, got "${unknown}".`,
      );
    }
    const seconds = Number(values.timeout);
    if (!(seconds > 0 && seconds <= 86_400)) {
      throw new UsageError(
        `--timeout must be seconds above 0, at most 86400, got "${values.timeout}".`,
      );
    }
    return { ...values, engines, seconds };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(reasonOf(error));
  }
}

function readSums(): Sums {
  try {
    return JSON.parse(readFileSync(sumsFile, "utf8")) as Sums;
  } catch (error) {
    throw new RunError(`The expected sums could not be read: ${reasonOf(error)}.`);
  }
}

/** Runs the requested engines one after the other. Returns whether all have the expected sums. */
async function verifyEngines(): Promise<boolean> {
  const { engines, json, seconds, write } = readOptions();
  const folder = mkdtempSync(join(tmpdir(), "wasm-dqn-engines-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const program = join(folder, "program.js");
  show("bundling the program");
  writeFileSync(program, await bundleProgram());
  const reports: EngineReport[] = [];
  let expected = readSums();
  for (const engine of engines) {
    const own = join(folder, engine.id);
    mkdirSync(own);
    const found = await report(engine, { program, folder: own, seconds });
    reports.push(found);
    const done = `${found.seconds.toFixed(1)} s`;
    const skipped = found.skipped === null ? "" : `, without wasm-fma: ${found.skipped}`;
    show(`${found.name}: ${found.absent ?? found.failure ?? done}${skipped}`, true);
  }
  if (write) {
    const installed = reports.filter(({ absent }) => absent === null);
    const fused = installed.filter(({ skipped }) => skipped === null);
    const sumsIn = (all: readonly EngineReport[]) => all.map(({ sums }) => sums);
    const agreed = agreedSums(sumsIn(installed), exactColumns);
    const agreedFma = fused.length === 0 ? {} : agreedSums(sumsIn(fused), fmaColumns);
    if (agreed !== null && agreedFma !== null) {
      expected = { ...expected, ...agreed, ...agreedFma };
      saveFile(sumsFile, `${JSON.stringify(expected, null, 2)}\n`);
    } else show("The engines do not agree, so the expected sums are unchanged.", true);
  }
  const { equal, sentences } = verdict(reports, expected);
  if (json) console.log(JSON.stringify({ equal, expected, engines: reports }));
  else console.log(`\n${reportTables(reports, expected)}\n\n${sentences.join("\n")}`);
  return equal;
}

// A signal to this process also ends the running engine and deletes its files.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => process.exit(1));
}
try {
  process.exitCode = (await verifyEngines()) ? 0 : 1;
} catch (error) {
  show(`verify:engines: ${reasonOf(error)}`, true);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
