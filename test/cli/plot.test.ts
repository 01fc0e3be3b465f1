import {
  appendFileSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type WrittenRun, writeRun } from "../plots/writeRun.ts";
import { temporaryFolder, wasmDqn, wasmDqnUnder } from "./run.ts";

const train = (folder: string, ...flags: string[]) => {
  const { stdout } = wasmDqn(folder, "train", "--json", ...flags);
  return (JSON.parse(stdout) as { runDirectory: string }).runDirectory;
};

const constant = (value: number, episodes: number) => Array<number>(episodes).fill(value);

/** Writes runs into folders with these names and plots `folders`, or all. Returns the result and the SVG. */
function plot(runs: Readonly<Record<string, WrittenRun>>, folders = Object.keys(runs)) {
  const folder = temporaryFolder();
  for (const [name, run] of Object.entries(runs)) writeRun(join(folder, name), run);
  return plotIn(folder, folders);
}

function plotIn(folder: string, folders: readonly string[]) {
  const result = wasmDqn(folder, "plot", ...folders);
  const svg = result.code === 0 ? readFileSync(join(folder, "curves.svg"), "utf8") : "";
  const legend = new Set([...svg.matchAll(/<title>([^<]*)</g)].map(([, name]) => name!));
  return { ...result, svg, legend: [...legend] };
}

/** The y coordinates of the median line in the first panel. */
function heights(svg: string): number[] {
  const panel = svg.slice(svg.indexOf(">Return of an episode<"));
  const path = /class="line l0" d="M([^"]*)"/.exec(panel)?.[1] ?? "";
  return path.split("L").map((point) => Number(point.split(",")[1]));
}

describe("plot counts each run once", () => {
  const run = { returns: constant(5, 40) };

  it("reports a folder that is given twice, also by another path", () => {
    const { legend, stderr } = plot({ a: run }, ["a", "a", "./a/../a"]);
    expect(legend).toEqual(["solve"]);
    expect(stderr).toBe("Counted once: a is given twice, ./a/../a is given twice.\n");
  });

  it("reports a run that repeats another one, on any backend, and keeps the longer one", () => {
    const config = { backend: "js", logInterval: 1, tensorboard: true };
    const { legend, stderr, svg } = plot({
      short: { config, returns: constant(5, 30) },
      long: run,
      other: { config: { seed: 2 }, returns: constant(9, 40) },
    });
    expect(legend).toEqual(["solve, 2 seeds"]);
    expect(stderr).toBe("Counted once: short repeats long.\n");
    expect(new Set(heights(svg)).size).toBe(1);
  });

  it("shows runs on wasm-fma as a separate group", () => {
    const fused = { config: { backend: "wasm-fma" }, returns: constant(5, 40) };
    const { legend, stderr } = plot({ a: run, fused });
    expect(legend).toEqual(["solve", "solve backend=wasm-fma"]);
    expect(stderr).toBe("");
  });

  it("counts runs of the same configuration with other episodes as separate runs", () => {
    const { legend, stderr } = plot({ a: run, b: { returns: constant(6, 40) } });
    expect(legend).toEqual(["solve, 2 runs"]);
    expect(stderr).toBe("");
  });
});

describe("plot groups runs by their whole configuration", () => {
  it("shows the differences from the recipe in the legend", () => {
    const { legend } = plot({
      a: { returns: constant(5, 40) },
      b: { config: { seed: 2 }, returns: constant(6, 40) },
      c: { config: { gamma: 0.9 }, returns: constant(7, 40) },
      d: { config: { gamma: 0.9, hiddenSizes: [32, 32] }, returns: constant(8, 40) },
    });
    expect(legend).toEqual([
      "solve, 2 seeds",
      "solve gamma=0.9",
      "solve gamma=0.9 hiddenSizes=32,32",
    ]);
  });

  it("shows no rounding errors in the legend", () => {
    const { legend } = plot({
      a: { config: { gamma: 0.1 + 0.2 }, returns: constant(5, 40) },
      b: { config: { gamma: 0.4 }, returns: constant(5, 40) },
    });
    expect(legend).toEqual(["solve gamma=0.3", "solve gamma=0.4"]);
  });

  it("shows the differing values of every group for an unknown recipe", () => {
    const { legend } = plot({
      a: { recipe: "own", config: { gamma: 0.9 }, returns: constant(5, 40) },
      b: { recipe: "own", config: { gamma: 0.8 }, returns: constant(5, 40) },
    });
    expect(legend).toEqual(["own gamma=0.9", "own gamma=0.8"]);
  });
});

describe("a run that ended early does not move the median of the others", () => {
  const long = { returns: constant(10, 300), finished: true };
  const short = { config: { seed: 2 }, returns: constant(64, 60) };

  it("keeps its last value if it has finished", () => {
    const { legend, stderr, svg } = plot({ long, short: { ...short, finished: true } });
    expect(legend).toEqual(["solve, 2 seeds"]);
    expect(new Set(heights(svg)).size).toBe(1);
    expect(svg).toContain("A finished run keeps its last value.");
    expect(stderr).toBe("");
  });

  it.each([false, undefined])(
    "is drawn thin and reported if it is not finished (finished: %s)",
    (finished) => {
      const cut = finished === undefined ? short : { ...short, finished };
      const { legend, stderr, svg } = plot({ long, short: cut });
      expect(legend).toEqual(["solve, 1 of 2 seeds"]);
      expect(new Set(heights(svg)).size).toBe(1);
      expect(svg).toContain('class="line l0 thin"');
      expect(stderr).toBe(
        "Ended early, so drawn thin and excluded from the median: short at step 600.\n",
      );
    },
  );

  it("includes unfinished runs of similar length", () => {
    const runs = Object.fromEntries(
      [95, 96, 97, 98, 99, 100].map((episodes, seed) => [
        `run${seed}`,
        { config: { seed }, returns: constant(5, episodes) },
      ]),
    );
    expect(plot(runs)).toMatchObject({ stderr: "", legend: ["solve, 6 seeds"] });
  });
});

it("plot --env draws only the runs of an environment", () => {
  const runs = {
    cart: { returns: constant(5, 40) },
    snake: { config: { env: "Snake" }, returns: constant(6, 40) },
  };
  expect(plot(runs).legend).toHaveLength(2);
  expect(plot(runs, ["cart", "snake", "--env", "Snake"]).legend).toEqual(["solve"]);
  expect(plot(runs, ["cart", "snake", "--env", "Pong"])).toMatchObject({
    code: 1,
    stderr: "wasm-dqn: None of these runs was trained in Pong, only in CartPole-v1, Snake.\n",
  });
});

describe("plot accepts", () => {
  it("a run with an unreadable configuration: reports it and draws the others", () => {
    const folder = temporaryFolder();
    writeRun(join(folder, "a"), { returns: constant(5, 40) });
    writeRun(join(folder, "b"), { returns: constant(5, 40) });
    writeFileSync(join(folder, "b", "config.json"), "{");
    const { code, legend, stderr } = plotIn(folder, ["a", "b", "c"]);
    expect(stderr).toBe(
      "Skipped: b/config.json does not hold JSON objects.\nSkipped: There is no c/episodes.csv: expected a run folder.\n",
    );
    expect({ code, legend }).toEqual({ code: 0, legend: ["solve"] });
  });

  it("incomplete last lines", () => {
    const folder = temporaryFolder();
    writeRun(join(folder, "a"), {
      returns: constant(5, 40),
      metrics: '{"step":1,"train/loss":2}\n',
    });
    appendFileSync(join(folder, "a", "episodes.csv"), "41,410,10,9");
    appendFileSync(join(folder, "a", "metrics.jsonl"), '{"step":2,"train/lo');
    const { code, stderr, svg } = plotIn(folder, ["a"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(new Set(heights(svg)).size).toBe(1);
  });

  it("control characters in a recipe name", () => {
    const { code, svg } = plot({ a: { recipe: "a\u0001b\u001b[2J\ud800<&>", returns: [1, 2] } });
    expect(code).toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters that XML forbids
    expect(svg).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/);
    expect(svg).toContain("&#60;&#38;&#62;");
  });

  it("non-finite returns: the mean recovers once they leave its window", () => {
    const returns = [...constant(5, 50), Number.NaN, Infinity, ...constant(5, 200)];
    const { code, svg } = plot({ a: { returns } });
    expect(code).toBe(0);
    expect(svg).not.toMatch(/="[^"]*(NaN|Infinity)/);
    const panel = svg.slice(svg.indexOf(">Return of an episode<"));
    const path = /class="line l0" d="([^"]*)"/.exec(panel)?.[1] ?? "";
    expect(path.match(/M/g)).toHaveLength(2);
  });

  it("a run of one episode, drawn as a dot, and one without episodes, which is reported", () => {
    const { code, stderr, svg } = plot({
      one: { returns: [5] },
      none: { config: { seed: 2 } },
    });
    expect(code).toBe(0);
    expect(stderr).toBe("No episode was finished in none.\n");
    expect(svg).toContain("<circle ");
    const nothing = plot({ none: {} });
    expect(nothing.code).toBe(1);
    expect(nothing.stderr).toBe("wasm-dqn: No episode was finished in these runs.\n");
  });

  it("a metrics file larger than the memory", () => {
    const folder = temporaryFolder();
    writeRun(join(folder, "a"), { returns: constant(5, 40) });
    const file = openSync(join(folder, "a", "metrics.jsonl"), "w");
    const note = "x".repeat(2_000);
    for (let step = 1; step <= 40_000; step++) {
      writeSync(file, `${JSON.stringify({ step, "train/loss": 1, note })}\n`);
    }
    closeSync(file);
    const result = wasmDqnUnder(["--max-old-space-size=48"], folder, "plot", "a");
    expect(result).toMatchObject({ code: 0, stderr: "" });
  });
});

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
  ])("rejects plot %j", (args, code, message) => {
    const result = wasmDqn(temporaryFolder(), "plot", ...args);
    expect(result.stderr).toMatch(message);
    expect(result.stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(result.code).toBe(code);
  });

  it("rejects a folder with foreign files", () => {
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
