// The samples of the documentation compile: ts, js and the module scripts of html against the built package; sh lines are
// parsed with the command line's own flags.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { pages, root, type Sample, samples, textOf } from "./markdown.ts";

const all = samples();
/** Within the package, so that `wasm-dqn` means the package itself. */
const folder = join(root, "build/samples");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** test/browser/rawModule.test.ts runs the samples of wasm-module.md. Their exports have no types. */
const isCode = ({ language, page }: Sample) =>
  ["ts", "js", "html"].includes(language) && page !== "docs/wasm-module.md";

/** File of a sample, named by its first comment, such as `// corridor.ts: ...`; samples of a page share a folder. */
function fileOf({ code, language, line, page }: Sample): string {
  const [, name] = /^\/\/ ([\w-]+\.[jt]s)\b/.exec(code) ?? [];
  const extension = language === "html" ? "js" : language;
  const pageFolder = page.replace(/[^\w]+/g, "-");
  return join(pageFolder, name ?? `line-${line}.${extension}`);
}

/** The module script of an html sample; other samples as they are. */
function scriptOf({ code, language }: Sample): string {
  if (language !== "html") return code;
  const script = /<script type="module">(.*?)<\/script>/s.exec(code)?.[1] ?? "";
  return script
    .replace("./node_modules/wasm-dqn/build/browser/index.js", "wasm-dqn")
    .replace(/\.\/node_modules\/wasm-dqn\/build\/browser\/([\w-]+)\.js/, "wasm-dqn/$1");
}

it("has samples of every language", () => {
  const languages = new Set(all.map(({ language }) => language));
  for (const language of ["sh", "ts", "js", "html"]) expect(languages).toContain(language);
});

it("names the language of every sample", () => {
  const unnamed = all.filter(({ language }) => language === "");
  expect(unnamed.map(({ line, page }) => `${page}:${line}`)).toEqual([]);
});

it("has ts, js and html samples that compile", () => {
  rmSync(folder, { recursive: true, force: true });
  for (const sample of all.filter(isCode)) {
    const file = join(folder, fileOf(sample));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${scriptOf(sample)}\nexport {};\n`);
  }
  const options = {
    target: "es2022",
    lib: ["es2023", "dom"],
    module: "nodenext",
    types: ["node"],
    strict: true,
    noEmit: true,
    allowJs: true,
    checkJs: true,
    allowImportingTsExtensions: true,
    noImplicitAny: false,
    strictNullChecks: false,
    skipLibCheck: true,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options }));
  const { stdout } = spawnSync("npx", ["tsc", "-p", folder], { cwd: root, encoding: "utf8" });
  expect(stdout).toBe("");
});

/** Commands of the sh samples, comments and continuation lines resolved. */
const commands = all
  .filter(({ language }) => language === "sh")
  .flatMap(({ code }) => code.replaceAll("\\\n", " ").split("\n"))
  .map((line) => line.replace(/\s+#.*$/, "").trim())
  .filter((line) => line !== "" && !line.startsWith("#"));

/** Commands between backquotes, in tables and sentences. */
const inlineCommands = pages.flatMap((page) =>
  [...textOf(page).matchAll(/`((?:npx wasm-dqn|node) [^`]*)`/g)].map(([, line = ""]) => line),
);

/** The ways to start the command line: installed, built, or under a profiler. */
const start = /^(?:npx wasm-dqn|(?:perf record -g )?node (?:--[\w-]+ )*build\/node\/main\.js) /;

it("uses commands and flags of the command line that exist", () => {
  const calls = [...commands, ...inlineCommands].filter((line) => start.test(line));
  expect(calls).toContain("npx wasm-dqn recipes NAME");
  expect(calls.filter((call) => call.startsWith("node --cpu-prof "))).toHaveLength(1);
  const helps = new Map<string, string>();
  for (const call of calls) {
    const [command = "", ...words] = call.replace(start, "").split(/\s+/);
    if (command.startsWith("-") || /[<.]/.test(command)) continue;
    if (!helps.has(command)) {
      const main = join(root, "build/node/main.js");
      const { stdout } = spawnSync("node", [main, command, "--help"], { encoding: "utf8" });
      helps.set(command, stdout);
    }
    const help = helps.get(command)!;
    expect(help, call).toContain(`Usage: wasm-dqn ${command} `);
    for (const word of words) if (word.startsWith("--")) expect(help, call).toContain(`${word} `);
  }
});

it("has sed and grep lines that find something in the build", () => {
  const lines = commands.filter((line) => /^(sed|grep) /.test(line));
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) {
    const { status, stdout } = spawnSync("sh", ["-c", line], { cwd: root, encoding: "utf8" });
    expect(status, line).toBe(0);
    expect(stdout, line).not.toBe("");
  }
});
