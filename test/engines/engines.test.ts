import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { backends, cases, exactBackends, fmaObstacle, runCase } from "../../src/engines/cases.ts";
import { agreedSums, columns, exactColumns, fmaColumns, sumsOf } from "../../src/engines/sums.ts";
import expected from "../bench/engines.json" with { type: "json" };
import { type CommandResult, temporaryFolder } from "../cli/run.ts";
import { relaxedSimdFlags } from "../kernels/relaxedSimd.ts";

const entries = Object.entries(expected);

describe.each(backends)("runs on %s end with the hashes in engines.json", (backend) => {
  const comparable = backend !== "wasm-fma" || fmaObstacle() === null;
  it.runIf(comparable).each(Object.keys(cases))("%s", async (name) => {
    const run = runCase(name, backend);
    const weights = new Float32Array(Uint8Array.from(Buffer.from(run.weights, "hex")).buffer);
    expect(weights.length).toBeGreaterThan(0);
    expect(weights.every(Number.isFinite)).toBe(true);
    for (const [heading, sum] of Object.entries(await sumsOf(run))) {
      const column = columns.find((column) => column.heading === heading);
      expect({ heading, sum }).toEqual({ heading, sum: new Map(entries).get(column?.name ?? "") });
    }
  });
});

it("wasm-fma has other hashes than wasm", () => {
  const sums = new Map(entries);
  for (const { name } of exactColumns) {
    expect(sums.get(`${name} wasm-fma`)).toMatch(/^[0-9a-f]{64}$/);
    expect(sums.get(`${name} wasm-fma`)).not.toBe(sums.get(name));
  }
});

it("engines.json has exactly one hash per column", () => {
  expect(entries.map(([name]) => name)).toEqual([...new Set(columns.map(({ name }) => name))]);
});

const verify = fileURLToPath(new URL("../../build/src/engines/verify.js", import.meta.url));

/** Runs verify:engines with `jsc` as the path of JavaScriptCore's shell. */
function verifyShell(jsc: string, ...flags: string[]): CommandResult {
  const args = [verify, "--engines", "jsc", ...flags];
  const env = { ...process.env, JSC: jsc };
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { encoding: "utf8", env });
  return { code: status, stdout, stderr };
}

/** Writes a shell script that stands in for an engine. $2 is the program. */
function stand(script: string): string {
  const path = join(temporaryFolder(), "jsc");
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

describe("verify:engines", () => {
  it("runs the one-file program in an engine and finds equal hashes", () => {
    const flags = relaxedSimdFlags.join(" ");
    const { code, stdout } = verifyShell(stand(`exec "${process.execPath}" ${flags} "$2"`));
    const fused = fmaObstacle() === null ? 1 : 0;
    expect(stdout).toContain("All equal: 12 sums on 1 of 1 engines, bit for bit.");
    expect(stdout).toContain(`Of wasm-fma: 6 sums on ${fused} of 1 engines.`);
    expect(stdout).toContain(expected.combined.slice(0, 12));
    expect(stdout).toContain(expected["combined wasm-fma"].slice(0, 12));
    expect(stdout).not.toContain("!");
    expect(code).toBe(0);
  });

  it("reports a missing engine", () => {
    const { code, stdout } = verifyShell("/nowhere/jsc");
    expect(stdout).toMatch(/^JavaScriptCore +JSC names \/nowhere\/jsc, which does not exist$/m);
    expect(stdout).toContain("No engine was compared.");
    expect(code).toBe(1);
  });

  it("lists the runs with different hashes", () => {
    const lines = backends.flatMap((backend) =>
      Object.keys(cases).map((name) => ({ name, backend, weights: "0000803f", priorities: "" })),
    );
    const told = [...lines, { done: true }].map((line) => `echo '${JSON.stringify(line)}'`);
    const engine = stand(told.join("\n"));
    const { code, stdout } = verifyShell(engine, "--json");
    const report = JSON.parse(stdout);
    expect(report.equal).toBe(false);
    expect(report.engines[0].sums["combined js"]).toMatch(/^[0-9a-f]{64}$/);
    expect(code).toBe(1);
    expect(verifyShell(engine).stdout).toMatch(
      /differs from the expected sums: solve wasm, solve /,
    );
  });

  it("does not compare wasm-fma in an engine that skips it", () => {
    const lines = exactBackends.flatMap((backend) =>
      Object.keys(cases).map((name) => ({ name, backend, weights: "0000803f", priorities: "" })),
    );
    const all = [{ backend: "wasm-fma", skipped: "no relaxed SIMD" }, ...lines, { done: true }];
    const engine = stand(all.map((line) => `echo '${JSON.stringify(line)}'`).join("\n"));
    const { stdout } = verifyShell(engine);
    expect(stdout).toMatch(/^JavaScriptCore version unknown +no relaxed SIMD$/m);
    expect(stdout).toMatch(/differs from the expected sums: [^.]* js\.$/m);
    expect(stdout).not.toContain("did not finish");
  });

  it.each([
    ["hangs", "echo waiting\nexec sleep 60", "no answer for 5 s: waiting"],
    ["ends early", "echo no memory >&2\nexit 3", "it ended too early, with code 3: no memory"],
    ["fails", `echo '{"done":true,"error":"no SIMD"}'`, "did not finish: no SIMD"],
    ["omits runs", `echo '{"done":true}'`, "did not finish: it reported 0 of 15 runs"],
  ])("reports an engine that %s", (_, script, sentence) => {
    // 200 s lets a busy machine start a shell; the test waits for the whole timeout only if the engine hangs.
    const seconds = sentence.startsWith("no answer") ? "5" : "200";
    const { code, stderr, stdout } = verifyShell(stand(script), "--timeout", seconds);
    expect(stdout).toContain(`${sentence}.`);
    expect(stdout).not.toContain("All equal");
    expect(stderr).not.toContain("    at ");
    expect(code).toBe(1);
  });

  it.each([
    [
      ["--engines", "netscape"],
      /--engines must be a comma-separated list of node-20, .*, jsc, got "netscape"\./,
    ],
    [["--timeout", "soon"], /--timeout must be seconds above 0, .* got "soon"\./],
    [["--verbose"], /--verbose/],
  ])("rejects %s with one sentence", (flags, sentence) => {
    const { code, stderr } = verifyShell("/nowhere/jsc", ...flags);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(2);
  });
});

describe.each([
  ["exact", exactColumns],
  ["wasm-fma", fmaColumns],
])("agreedSums of the %s columns", (_, compared) => {
  const sums = Object.fromEntries(columns.map(({ heading, name }) => [heading, `sum of ${name}`]));
  const [{ heading: first = "" } = {}] = compared;
  const { [first]: __, ...incomplete } = sums;

  it("returns the hashes if all engines agree", () => {
    const agreed = Object.fromEntries(compared.map(({ name }) => [name, `sum of ${name}`]));
    expect(agreedSums([sums, sums], compared)).toEqual(agreed);
  });

  it("returns null if two engines differ", () => {
    expect(agreedSums([sums, { ...sums, [first]: "another" }], compared)).toBeNull();
  });

  it("returns null if a run is missing", () => {
    expect(agreedSums([sums, incomplete], compared)).toBeNull();
    expect(agreedSums([incomplete], compared)).toBeNull();
  });

  it("returns null without an engine", () => {
    expect(agreedSums([], compared)).toBeNull();
  });
});

it("agreedSums returns null if the sums of wasm and js differ", () => {
  const sums = Object.fromEntries(columns.map(({ heading, name }) => [heading, `sum of ${name}`]));
  expect(agreedSums([{ ...sums, "solve js": "another" }], exactColumns)).toBeNull();
});
