// Editor help for users of the built package: descriptions on hover, names on completion.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { documentation } from "../../src/build/parameterText.ts";
import { configKeys } from "../../src/config/config.ts";
import { recipes } from "../../src/config/recipes.ts";
import { environmentIds } from "../../src/environments/registry.ts";
import { LanguageServer, type Position } from "./languageServer.ts";
import { root, textOf } from "./markdown.ts";

/** Within the package, so that `wasm-dqn` means the package itself. */
const folder = join(root, "build/editor");
const sample = `import { createTrainer, makeEnvironment, recipeConfig, train, Training } from "wasm-dqn";
await train({ recipe: "solve", env: "CartPole-v1", learningRate: 0.01 });
new Training({ ...recipeConfig("solve"), env: "mine", batchSize: 8 });
await createTrainer({ recipe: "solve", env: "CartPole-v1", tau: 0.5 });
makeEnvironment("Acrobot-v1");
// @ts-expect-error no such recipe
await train({ recipe: "solved" });
// @ts-expect-error no such recipe
await createTrainer({ recipe: "solved" });
// @ts-expect-error not a built-in environment
makeEnvironment("mine");
`;
/** The generated types equal those of the table of hyperparameters. */
const equality = `import type { Config, ConfigChanges } from "../src/config/config.d.ts";
import type { parameters } from "../src/config/parameters.d.ts";
import type { Values } from "../src/config/schema.d.ts";
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Members<Of> = { [Key in keyof Of]: Of[Key] };
export const sameConfig: Same<Members<Config>, Members<Values<typeof parameters>>> = true;
export const sameChanges: Same<Members<ConfigChanges>, Members<Partial<Values<typeof parameters>>>> = true;
`;
const path = join(folder, "sample.ts");
const server = new LanguageServer();

/** Position of a text's last character in a line of the sample. */
function endOf(line: number, part: string): Position {
  const start = sample.split("\n")[line]!.indexOf(part);
  expect(start).toBeGreaterThan(0);
  return { line, character: start + part.length - 1 };
}

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  const compilerOptions = {
    ...{ target: "es2022", module: "nodenext", strict: true, exactOptionalPropertyTypes: true },
    ...{ noEmit: true, types: ["node"], lib: ["es2023", "dom"] },
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  writeFileSync(path, sample);
  writeFileSync(join(folder, "equality.ts"), equality);
  await server.open(path, sample);
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

it("has the description of every hyperparameter in the built types", () => {
  const text = textOf("build/src/config/config.d.ts");
  for (const key of configKeys) {
    expect(text).toContain(`/** ${documentation(key)} */\n    readonly ${key}: `);
    expect(text).toContain(`/** ${documentation(key)} */\n    readonly ${key}?: `);
  }
});

it("has built types that equal the table of hyperparameters and reject unknown names", () => {
  const { stdout } = spawnSync("npx", ["tsc", "-p", folder], { cwd: root, encoding: "utf8" });
  expect(stdout).toBe("");
});

it.each([
  [1, "learningRate"],
  [2, "batchSize"],
  [3, "tau"],
] as const)("shows a hyperparameter's description on hover, line %i: %s", async (line, key) => {
  expect(await server.hover(path, endOf(line, key))).toContain(documentation(key));
});

it.each([1, 3])("completes names of recipes, line %i", async (line) => {
  const labels = await server.complete(path, endOf(line, 'recipe: "s'));
  for (const { name } of recipes) expect(labels).toContain(name);
});

it.each([
  [1, 'env: "C'],
  [2, 'env: "m'],
  [3, 'env: "C'],
  [4, '("A'],
])("completes ids of environments, line %i", async (line, part) => {
  const labels = await server.complete(path, endOf(line, part));
  for (const id of environmentIds) expect(labels).toContain(id);
});
