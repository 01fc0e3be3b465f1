import { join } from "node:path";
import { expect, it } from "vitest";
import { examples } from "../../src/cli/helpEndings.ts";
import { commands, regenerate } from "./commandLine.ts";
import { root, textOf } from "./markdown.ts";

const page = "docs/command-line.md";
const flagsIn = (text: string) => [...text.matchAll(/--[a-z][\w-]*/g)].map(([flag]) => flag);
const flagsOf = (command: (typeof commands)[number]) => [
  "--help",
  ...command.options.flatMap(({ long }) => long ?? []),
];

it("is up to date with the commands and hyperparameters: npm run docs", async () => {
  await expect(regenerate(textOf(page))).toMatchFileSnapshot(join(root, page));
});

it("describes every flag that --help shows, of every command", () => {
  const described = new Set(flagsIn(regenerate(textOf(page))));
  for (const command of commands) {
    const flags = flagsIn(command.helpInformation());
    expect(flags).toContain("--help");
    expect(
      flags.filter((flag) => !described.has(flag)),
      command.name(),
    ).toEqual([]);
  }
});

it("ends the help of every command with an example whose flags exist", () => {
  expect(Object.keys(examples).toSorted()).toEqual(commands.map((each) => each.name()).toSorted());
  for (const command of commands) {
    const example = examples[command.name()]!;
    expect(example).toMatch(new RegExp(`^wasm-dqn ${command.name()} `));
    expect(flagsOf(command), example).toEqual(expect.arrayContaining(flagsIn(example)));
  }
});

it("prints the example last", () => {
  for (const command of commands) {
    let help = "";
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help.trimEnd().split("\n  ").at(-1)).toBe(examples[command.name()]);
  }
});
