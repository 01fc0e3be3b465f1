import { describe, expect, it } from "vitest";
import { filmGif, filmSvg } from "../../src/plots/animation.ts";
import { pictureSource, secondsPerStep } from "../../src/scenes/pictures.ts";
import type { Picture, Stroke } from "../../src/scenes/scene.ts";
import { frameText } from "../../src/terminal/frameText.ts";

const plain = { targetPosition: null, frameStack: 1 };
const frame = { left: 0, right: 4, bottom: 0, top: 2 };
const dot = (x: number): Stroke => ({ color: 1, width: 1, points: [[x, 1]] });
const source = (render: () => unknown) =>
  pictureSource("Snake", plain, { render: render as () => string })!;

describe("the picture of an environment", () => {
  it("is the scene of a built-in one at its newest observation", () => {
    const stacked = pictureSource("CartPole-v1", { ...plain, frameStack: 2 }, {})!;
    const single = pictureSource("CartPole-v1", plain, {})!;
    expect(stacked([9, 9, 9, 9, 1, 0, 0, 0])).toMatchObject({
      strokes: (single([1, 0, 0, 0]) as Picture).strokes,
    });
  });

  it("is missing without render", () => {
    expect(pictureSource("Snake", plain, {})).toBeNull();
  });

  it("is a text or a copy of what render returns", () => {
    expect(source(() => "@ .\n. o")([])).toBe("@ .\n. o");
    const stroke: { color: 1; width: number; points: [number, number][] } = {
      color: 1,
      width: 1,
      points: [[1, 1]],
    };
    const picture = source(() => ({ ...frame, strokes: [stroke] }))([]) as Picture;
    stroke.points[0]![0] = 3;
    expect(picture.strokes).toEqual([
      {
        color: 1,
        width: 1,
        points: [
          [1, 1],
          [1, 1],
        ],
      },
    ]);
    expect([secondsPerStep(picture), secondsPerStep({ ...picture, secondsPerStep: 0.02 })]).toEqual(
      [0.1, 0.02],
    );
  });

  it.each([
    undefined,
    5,
    { ...frame },
    { ...frame, right: 0, strokes: [] },
    { ...frame, top: Infinity, strokes: [] },
    { ...frame, secondsPerStep: 0, strokes: [] },
    { ...frame, strokes: [{ ...dot(1), color: 3 }] },
    { ...frame, strokes: [{ ...dot(1), points: [[1]] }] },
    { ...frame, strokes: [{ ...dot(1), points: [] }] },
  ])("refuses %j", (value) => {
    expect(() => source(() => value)([])).toThrow(
      /^render of Snake must return a text, or left < /,
    );
  });
});

describe("your own game", () => {
  const pictures = [1, 2, 3].map(
    (x) => source(() => ({ ...frame, strokes: [dot(x)] }))([]) as Picture,
  );
  const growing = pictures.map((one, k) => ({
    ...one,
    strokes: [...one.strokes, ...pictures[0]!.strokes].slice(0, k + 1),
  }));

  it("is text in the terminal, without control characters and cut to the width", () => {
    expect(frameText("@ .\r\n\u001b[2J. o 12345\n", 6)).toEqual(["@ .", " [2J. "]);
  });

  it("is braille in the terminal if it draws strokes", () => {
    const lines = frameText(pictures[0]!, 20);
    expect(lines).toHaveLength(5);
    expect(lines.join("")).toMatch(/[\u2801-\u28ff]/);
  });

  it("is a GIF with 0.1 s per picture", () => {
    const bytes = Buffer.from(filmGif(pictures, 40));
    expect(bytes.subarray(0, 6).toString()).toBe("GIF89a");
    // Graphic control extension: 0x21 0xf9, 4 bytes, flags, delay in hundredths of a second.
    const extension = Buffer.from([0x21, 0xf9, 0x04]);
    const delays: number[] = [];
    for (let at = bytes.indexOf(extension); at >= 0; at = bytes.indexOf(extension, at + 1)) {
      delays.push(bytes.readUInt16LE(at + 4));
    }
    expect(delays).toEqual([10, 10, 10]);
  });

  it("is an SVG that moves strokes, or shows pictures one by one if their number changes", () => {
    expect(filmSvg(pictures, "dots").match(/<animate attributeName="points"/g)).toHaveLength(1);
    const svg = filmSvg(growing, "dots");
    expect(svg.match(/<g visibility=/g)).toHaveLength(3);
    expect(svg).toContain('values="hidden;visible;hidden" keyTimes="0;0.333333;0.666667"');
  });

  it("is an SVG of texts, escaped", () => {
    const svg = filmSvg(["<@>\n.", "ab"], "board");
    expect(svg).toContain('<text x="10" y="20">&#60;@&#62;</text><text x="10" y="40">.</text>');
    expect(svg).toMatch(/viewBox="0 0 \d+ 50"/);
  });
});
