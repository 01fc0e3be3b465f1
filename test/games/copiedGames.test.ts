// The files of the games, copied into a project as docs/games.md describes.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder, wasmDqn } from "../cli/run.ts";
import { root, textOf } from "../docs/markdown.ts";

const imports = {
  "../environments/environment.ts": "wasm-dqn",
  "../numerics/random.ts": "wasm-dqn/games",
};

it("docs/games.md names the imports to change", () => {
  const page = textOf("docs/games.md").replace(/\s+/g, " ");
  for (const [before, after] of Object.entries(imports)) {
    expect(page).toContain(`\`"${before}"\` with \`"${after}"\``);
  }
});

it.each([
  ["snake", "Snake"],
  ["game2048", "Game2048"],
  ["connectFour", "ConnectFour"],
  ["frozenLake", "FrozenLake"],
  ["cliffWalking", "CliffWalking"],
])("%s.ts plays outside of the repository", (file, id) => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/wasm-dqn"));
  let text = readFileSync(join(root, `src/games/${file}.ts`), "utf8");
  for (const [before, after] of Object.entries(imports)) {
    text = text.replace(`from "${before}"`, `from "${after}"`);
  }
  writeFileSync(join(folder, `${file}.ts`), text);
  const args = ["random", "--env", `./${file}.ts`, "--episodes", "2", "--json"];
  const copy = wasmDqn(folder, ...args);
  expect(copy.code, copy.stderr).toBe(0);
  expect(copy).toEqual(wasmDqn(folder, ...args.with(2, id)));
});
