import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

const library = new URL("../../build/src/index.js", import.meta.url).href;

/** Garbage collections of a process with 1 MB for new objects while a run takes 300,000 steps, once it is compiled. */
function collections(changes: object): number {
  const script = `
    import { recipeConfig, Training } from ${JSON.stringify(library)};
    const endless = { totalSteps: null, totalEpisodes: 1e9, solvedThreshold: 1e9 };
    const training = new Training({ ...recipeConfig("tanh-64"), ...endless, ...${JSON.stringify(changes)} });
    training.advance(150_000);
    console.log("from here");
    training.advance(300_000);
    console.log("to here");`;
  const flags = [
    "--trace-gc",
    "--single-threaded",
    "--max-semi-space-size=1",
    "--input-type=module",
    "-e",
    script,
  ];
  const output = execFileSync(process.execPath, flags, { encoding: "utf8" });
  const [, between = ""] = output.split(/from here|to here/);
  expect(output).toContain("to here");
  return between.split("\n").filter((line) => /Scavenge|Mark/.test(line)).length;
}

// Depending on what the engine chose to inline, a number or two of a step may become objects of 16 bytes: 5 collections
// each. Prioritised replay once made 32 an update, which was 150 collections.
it.each([
  { name: "plain", changes: {} },
  { name: "prioritised replay", changes: { prioritized: true } },
])("a training step leaves next to nothing to collect: $name", ({ changes }) => {
  expect(collections(changes)).toBeLessThan(12);
});
