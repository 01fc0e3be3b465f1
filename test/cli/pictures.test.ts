import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder, wasmDqn, wasmDqnUnder } from "./run.ts";

const train = (folder: string, ...flags: string[]) => {
  const { stdout } = wasmDqn(folder, "train", "--json", ...flags);
  return (JSON.parse(stdout) as { runDirectory: string }).runDirectory;
};

describe("plot", () => {
  it("draws one run, and several seeds and recipes with a legend", () => {
    const folder = temporaryFolder();
    const short = ["--total-steps", "3000", "--eval-every", "1000", "--solved-threshold", "501"];
    for (const seed of ["1", "2"]) train(folder, "--seed", seed, ...short);
    train(folder, "--recipe", "soft-update", "--total-steps", "2000");
    const runs = readdirSync(join(folder, "runs")).map((run) => join("runs", run));
    const one = wasmDqn(folder, "plot", runs.find((run) => run.includes("solve"))!);
    expect(one).toMatchObject({ code: 0, stderr: "" });
    const svg = readFileSync(join(folder, "curves.svg"), "utf8");
    for (const title of [
      "Return of an episode",
      "Loss",
      "Epsilon",
      "Mean Q-value",
      "Greedy return",
    ]) {
      expect(one.stdout).toContain(title);
      expect(svg).toContain(`>${title}</text>`);
    }
    expect(svg).toContain("faint");
    expect(wasmDqn(folder, "plot", ...runs, "--out", "all.html").code).toBe(0);
    const html = readFileSync(join(folder, "all.html"), "utf8");
    expect(html).toContain(">solve, 2 seeds</text>");
    expect(html).toContain(">soft-update</text>");
    expect(html).toContain('class="band f1"');
    expect(html.match(/<tr>/g)).toHaveLength(4);
    expect(`${svg}${html}`).not.toContain("NaN");
  });

  it.each([
    [["nothing"], 1, /There is no nothing\/episodes\.csv: expected a run folder\./],
    [["nothing", "--out", "a.png"], 2, /out must end with \.svg or \.html, got "a\.png"\./],
    [[], 2, /missing required argument 'runs'/],
  ])("plot %j says what is wrong", (args, code, message) => {
    const result = wasmDqn(temporaryFolder(), "plot", ...args);
    expect(result.stderr).toMatch(message);
    expect(result.stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(result.code).toBe(code);
  });

  it("refuses a folder whose files are something else", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "episodes.csv"), "a,b\n1,2\n");
    writeFileSync(join(folder, "config.json"), "{");
    writeFileSync(join(folder, "metrics.jsonl"), "");
    expect(wasmDqn(folder, "plot", ".")).toMatchObject({
      code: 1,
      stderr: "wasm-dqn: config.json does not hold JSON objects.\n",
    });
  });
});

describe("play", () => {
  it("plays a policy, and writes it as GIF and SVG", () => {
    const folder = temporaryFolder();
    const policy = join(
      train(folder, "--frame-stack", "2", "--total-steps", "500"),
      "policy.safetensors",
    );
    const played = wasmDqn(
      folder,
      "play",
      policy,
      "--gif",
      "a.gif",
      "--svg",
      "a.svg",
      "--episodes",
      "2",
    );
    expect(played).toMatchObject({ code: 0, stderr: "" });
    expect(played.stdout).toMatch(/^a\.gif\na\.svg\nepisode 1: return \d+, \d+ steps\nepisode 2: /);
    expect(readFileSync(join(folder, "a.gif")).subarray(0, 6).toString()).toBe("GIF89a");
    expect(readFileSync(join(folder, "a.svg"), "utf8")).toContain("<animate ");
  });

  it("keeps no frames that are not written: 1,000 episodes in little memory", () => {
    const folder = temporaryFolder();
    const policy = join(train(folder), "policy.safetensors");
    const args = ["play", policy, "--episodes", "1000", "--gif", "a.gif"];
    const played = wasmDqnUnder(["--max-old-space-size=40"], folder, ...args);
    expect(played).toMatchObject({ code: 0, stderr: "" });
    expect(played.stdout).toContain("\nepisode 1,000: return 500, 500 steps\n");
  });

  it.each([
    [["nothing.safetensors"], 1, /There is no policy file nothing\.safetensors\./],
    [["nothing.safetensors", "--gif", "a.png"], 2, /--gif must end with \.gif, got "a\.png"\./],
    [["nothing.safetensors", "--episodes", "0"], 2, /--episodes must be a whole number from 1/],
  ])("play %j says what is wrong", (args, code, message) => {
    const folder = temporaryFolder();
    const result = wasmDqn(folder, "play", ...args);
    expect(result.stderr).toMatch(message);
    expect(result.code).toBe(code);
    expect(existsSync(join(folder, "a.png"))).toBe(false);
  });
});
