import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import fc from "fast-check";
import { expect } from "vitest";
import { addConfigFlags } from "../../src/cli/configFlags.ts";
import { configKeys, defaults, parseConfig, parsePartial } from "../../src/config/config.ts";
import { recipes } from "../../src/config/recipes.ts";
import { planRun } from "../../src/dqn/runPlan.ts";
import { configOfFlags } from "./configOfFlags.ts";
import { lastingFolder } from "./folder.ts";
import { fuzz, property } from "./fuzz.ts";

/** Expects a parsed configuration to have exactly the given values, and to be planned or rejected by the plan. */
function parseWhole(values: unknown): void {
  const config = parseConfig(values);
  expect(Object.keys(config)).toEqual(configKeys);
  expect(Object.getPrototypeOf(config)).toBe(Object.prototype);
  for (const value of Object.values(config)) expect(value).not.toBeNaN();
  // Configurations are sent as JSON to files and other machines.
  expect(JSON.stringify(parseConfig(JSON.parse(JSON.stringify(config))))).toBe(
    JSON.stringify(config),
  );
  planRun(config);
}

const key = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom<string>(...configKeys) },
  { weight: 1, arbitrary: fc.constantFrom("__proto__", "constructor", "toString", "nothing") },
);
const value = fc.oneof(
  fc.constantFrom<unknown>(...Object.values(defaults), 0, 1, 2, 0.5, 2 ** 53, 1e308, -0, 1e-320),
  fc.double(),
  fc.integer(),
  fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withMap: true }),
);

property(
  "parses or rejects configurations with arbitrary values",
  700,
  fc.dictionary(key, value, { maxKeys: 4 }),
  (changes) => parseWhole({ ...defaults, ...changes }),
);

property(
  "parses or rejects anything as a configuration",
  300,
  fc.anything({ withBigInt: true }),
  (any) => {
    parsePartial(any, "file");
    parseWhole(any);
  },
);

const folder = lastingFolder();
const file = join(folder, "config.json");
const written = JSON.stringify({ recipe: "solve", ...defaults }, null, 2);

fuzz("parses or rejects damaged configuration files", 500, (mutator) => {
  const contents =
    mutator.below(3) === 0
      ? mutator.bytes(new TextEncoder().encode(written))
      : mutator.text(mutator.pick([written, '{"gamma":0.5}', '{"hiddenSizes":[3,4],"env":"x"}']));
  writeFileSync(file, contents);
  return {
    size: contents.length,
    shown: String(contents),
    read: () => planRun(configOfFlags({}, undefined, file)),
  };
});

const text = fc.oneof(
  fc.constantFrom("0", "1", "-1", "1e3", "1e999", "NaN", "0x10", " 5 ", "", "none", "true", "32,,"),
  fc.constantFrom("relu", "64,64", "a/b", "../../etc/passwd.ts", "__proto__", "5e-324", "-0"),
  fc.constantFrom(...recipes.map(({ name }) => name)),
  fc.constantFrom(...Object.values(defaults).map(String)),
  fc.string(),
);
const flag = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<string>(...configKeys).map(kebab) },
  { weight: 1, arbitrary: fc.constantFrom("recipe", "config", "nothing", "__proto__", "help") },
);

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

const line = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.tuple(flag, text).map(([name, words]) => [`--${name}`, words]) },
    { weight: 1, arbitrary: fc.tuple(flag, text).map(([name, words]) => [`--${name}=${words}`]) },
    { weight: 1, arbitrary: fc.array(text, { maxLength: 2 }) },
  ),
  { maxLength: 5 },
);

property("parses or rejects command lines with arbitrary flags", 600, line, (parts) => {
  const command = new Command().exitOverride().configureOutput({ writeOut() {}, writeErr() {} });
  addConfigFlags(command.option("--recipe <name>").option("--config <file>").argument("[more...]"));
  let flags: Record<string, unknown>;
  try {
    flags = command.parse(parts.flat(), { from: "user" }).opts();
  } catch (error) {
    // commander rejects unknown flags or prints its help.
    expect(error).toMatchObject({ name: "CommanderError" });
    return;
  }
  const { recipe, config } = flags as { recipe?: string; config?: string };
  planRun(configOfFlags(flags, recipe, config));
});
