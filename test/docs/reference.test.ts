// docs/api.md has a section for every public export, with an example that test/docs/samples.test.ts compiles.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import packageFile from "../../package.json" with { type: "json" };
import * as help from "../../src/config/help.ts";
import { configTables } from "./configTables.ts";
import { root, textOf } from "./markdown.ts";

interface Export {
  readonly name: string;
  readonly isType: boolean;
  /** Module that declares it, such as `dqn/train`. */
  readonly module: string;
}

const exportList = /export (type )?\{([^}]*)\} from "\.\/([^"]+)\.ts";/g;

/** The exports of a file that only re-exports. */
function exportsOf(source: string): Export[] {
  const lists = source.matchAll(exportList);
  return [...lists].flatMap(([, type, list = "", module = ""]) =>
    list
      .split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== "")
      .map((entry) => ({
        name: entry.split(/\s+/).at(-1)!,
        isType: type !== undefined || entry.startsWith("type "),
        module,
      })),
  );
}

/** Sections of the reference without their headings, by the name in the heading. */
function sectionsOf(page: string): ReadonlyMap<string, string> {
  const parts = page.split(/^(?=#{2,3} )/m);
  return new Map(
    parts.flatMap((part) => {
      const [, name] = /^### `([^`]+)`\n/.exec(part) ?? [];
      return name === undefined ? [] : [[name, part.slice(part.indexOf("\n"))]];
    }),
  );
}

/** Public members of an interface or class, read from the built declarations; none for other exports. */
function membersOf({ module, name }: Export): string[] {
  const declarations = textOf(`build/src/${module}.d.ts`);
  const start = `export (?:interface|declare class) ${name}\\b[^{]*`;
  const [, body = ""] = new RegExp(`^${start}\\{\\n(.*?)^\\}`, "ms").exec(declarations) ?? [];
  const members = body.matchAll(/^ {4}(?:readonly |get )?(\w+)\??[(:<]/gm);
  return [...new Set([...members].map(([, member = ""]) => member))].filter(
    (member) => member !== "constructor",
  );
}

/** Reasons why a section is not enough for an export. */
function gaps(entry: Export, section: string | undefined): string[] {
  const { isType, name } = entry;
  if (section === undefined) return [`${name} has no heading`];
  const samples = [...section.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);
  const word = new RegExp(`\\b${name}\\b`);
  const named = isType ? word.test(section) : samples.some((code) => word.test(code));
  const missing = membersOf(entry).filter((member) => !section.includes(`\`${member}`));
  return [
    ...(samples.length === 0 ? [`${name} has no example`] : []),
    ...(named ? [] : [`${name} is not in its ${isType ? "section" : "example"}`]),
    ...missing.map((member) => `${name}.${member} is not described`),
  ];
}

const exported = exportsOf(textOf("src/index.ts"));
const page = textOf("docs/api.md");
const sections = sectionsOf(page);

describe("the API reference", () => {
  it.each(exported)("has a section for $name with its members and an example", (entry) => {
    expect(gaps(entry, sections.get(entry.name))).toEqual([]);
  });

  it("has a section for every module of the package", () => {
    const paths = Object.keys(packageFile.exports).filter((path) => path !== "./package.json");
    const modules = paths
      .filter((path) => path !== ".")
      .map((path) => path.replace(".", "wasm-dqn"));
    for (const name of modules) expect(sections.get(name), name).toMatch(/```ts\n[^`]*wasm-dqn\//);
    const names = [...exported.map(({ name }) => name), ...modules];
    expect([...sections.keys()].toSorted()).toEqual(names.toSorted());
  });

  it("links to every section from the table at its top", () => {
    const table = page.slice(0, page.indexOf("\n## "));
    for (const name of sections.keys()) expect(table).toContain(`[\`${name}\`](#`);
  });

  it("names the exports of wasm-dqn/help and wasm-dqn/core-bytes", () => {
    for (const name of Object.keys(help)) {
      expect(sections.get("wasm-dqn/help")).toContain(`\`${name}\``);
    }
    for (const [, name] of textOf("build/coreBytes.d.ts").matchAll(/export declare const (\w+)/g)) {
      expect(sections.get("wasm-dqn/core-bytes")).toContain(`\`${name}: `);
    }
  });

  it("describes every hyperparameter as the table of hyperparameters does: npm run docs", async () => {
    const tables = /(?<=<!-- hyperparameters -->\n\n).*?(?=\n\n<!-- end -->)/s;
    expect(sections.get("Config")).toMatch(tables);
    await expect(page.replace(tables, () => configTables)).toMatchFileSnapshot(
      join(root, "docs/api.md"),
    );
  });
});

describe("the check of the reference", () => {
  it("can read all of src/index.ts", () => {
    const rest = textOf("src/index.ts").replace(exportList, "");
    expect(rest.trim()).toBe("");
    expect(exported.length).toBeGreaterThan(40);
  });

  it("reports an export without a section, without an example or with a member that is not described", () => {
    const entry: Export = { name: "RunOptions", isType: true, module: "browserTrainer/trainer" };
    expect(gaps(entry, undefined)).toEqual(["RunOptions has no heading"]);
    expect(gaps(entry, "RunOptions has `episodes`.")).toEqual([
      "RunOptions has no example",
      "RunOptions.signal is not described",
    ]);
    const value: Export = { name: "train", isType: false, module: "dqn/train" };
    expect(gaps(value, "train\n```ts\nrun();\n```\n")).toEqual(["train is not in its example"]);
  });
});
