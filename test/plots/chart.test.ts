import { describe, expect, it } from "vitest";
import { chartSvg, type Panel } from "../../src/plots/chart.ts";

const panel: Panel = {
  title: "Return < & >",
  x: { label: "steps", from: 0, to: 100 },
  y: { label: "mean", from: 0, to: 10 },
  marks: [
    {
      kind: "band",
      color: 0,
      points: [
        [0, 1, 2],
        [100, 3, 4],
      ],
    },
    {
      kind: "line",
      color: 0,
      points: [
        [0, 0],
        [50, 10],
        [100, 0],
      ],
      name: "solve",
    },
    { kind: "level", y: 5, name: "goal" },
  ],
};

/** Whether all elements are closed in order. */
function wellFormed(svg: string): boolean {
  const open: string[] = [];
  for (const [, closing, name, self] of svg.matchAll(/<(\/?)([a-zA-Z]+)[^>]*?(\/?)>/g)) {
    if (self) continue;
    if (!closing) open.push(name!);
    else if (open.pop() !== name) return false;
  }
  return open.length === 0;
}

describe("chartSvg", () => {
  const svg = chartSvg([panel, panel, panel], 2, 'a "picture"');

  it("is well-formed, escapes text, and arranges panels in rows", () => {
    expect(wellFormed(svg)).toBe(true);
    expect(svg).toContain("Return &#60; &#38; &#62;");
    expect(svg).toContain('aria-label="a &#34;picture&#34;"');
    expect(svg).toContain('viewBox="0 0 760 527"');
    expect([...svg.matchAll(/translate\((\d+) (\d+)\)/g)].map(([, x, y]) => [x, y])).toEqual([
      ["0", "10"],
      ["0", "27"],
      ["380", "27"],
      ["0", "277"],
    ]);
  });

  it("places points according to the axes", () => {
    const path = /<path class="line l0" d="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)L([\d.]+),/.exec(
      svg,
    );
    const [x0, y0, x1, y1, x2] = (path ?? []).slice(1).map(Number);
    expect(x1).toBeCloseTo((x0! + x2!) / 2, 6);
    expect(y0).toBeGreaterThan(y1!);
    const level = Number(/class="level" x1="\d+" x2="\d+" y1="([\d.]+)"/.exec(svg)?.[1]);
    expect(level).toBeCloseTo((y0! + y1!) / 2, 6);
    for (const word of ["solve", "goal", "steps", "mean"]) expect(svg).toContain(`>${word}</text>`);
    expect(svg).toContain("prefers-color-scheme:dark");
  });

  it("draws gaps, and accepts curves without a range", () => {
    const gap: Panel = {
      ...panel,
      x: { label: "" },
      y: { label: "" },
      marks: [
        {
          kind: "line",
          color: 1,
          points: [
            [1, 5],
            [2, Number.NaN],
            [3, 5],
            [4, 5],
          ],
        },
      ],
    };
    const d = /class="line l1" d="([^"]*)"/.exec(chartSvg([gap], 1, ""))?.[1];
    expect(d?.match(/M/g)).toHaveLength(2);
    const empty = chartSvg([{ ...gap, marks: [{ kind: "line", color: 0, points: [] }] }], 1, "");
    expect(`${d}${empty}`).not.toContain("NaN");
  });

  it("draws an isolated point as a dot", () => {
    const alone = { ...panel, marks: [{ kind: "line", color: 2, points: [[5, 5]] }] } as const;
    expect(chartSvg([alone], 1, "")).toMatch(/<circle class="f2"/);
  });

  it("labels ticks distinctly, however small or close they are", () => {
    for (const [from, to] of [
      [0, 0.004],
      [0, 3e-9],
      [100_000, 100_004],
      [-0.3, 0.3],
    ] as const) {
      const axis = { label: "", from, to };
      const words = [
        ...chartSvg([{ ...panel, x: axis, y: axis, marks: [] }], 1, "").matchAll(
          /middle">([^<]+)</g,
        ),
      ].map(([, word]) => word!);
      expect(new Set(words).size).toBe(words.length);
      expect(words.length).toBeGreaterThan(3);
      for (const word of words) expect(word.length).toBeLessThan(9);
    }
  });

  it("labels a logarithmic axis with powers", () => {
    const log = (logBase: number, to: number) =>
      chartSvg([{ ...panel, x: { label: "", logBase, from: 1, to }, marks: [] }], 1, "");
    for (const word of ["1", "10", "100", "1000", "10k", "1M"]) {
      expect(log(10, 1e6)).toContain(`middle">${word}<`);
    }
    expect(log(2, 64)).toContain('middle">32<');
  });
});
