import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

const library = new URL("../../build/src/index.js", import.meta.url).href;

/** Counts garbage collections during 300,000 training steps after a warm-up, with a young generation of 1 MB. */
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

// Depending on inlining, up to three numbers per step may be boxed as HeapNumbers of 16 bytes: 5 collections each.
// 32 boxed numbers per update would be 150 collections.
it.each([
  { name: "plain", changes: {} },
  { name: "prioritised replay", changes: { prioritized: true } },
])("allocates almost nothing per training step: $name", ({ changes }) => {
  expect(collections(changes)).toBeLessThan(17);
});
