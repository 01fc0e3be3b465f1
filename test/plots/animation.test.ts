import { describe, expect, it } from "vitest";
import { type EnvironmentId, makeEnvironment } from "../../src/environments/registry.ts";
import { filmGif, filmSvg } from "../../src/plots/animation.ts";
import { rasterize } from "../../src/scenes/rasterize.ts";
import type { Picture, Scene } from "../../src/scenes/scene.ts";
import { viewOf } from "../../src/scenes/views.ts";
import { frameText } from "../../src/terminal/frameText.ts";
import { gifFrames } from "./gifFrames.ts";

const upright = Float32Array.of(0, 0, 0, 0);

function film(env: EnvironmentId, steps: number): Picture[] {
  const environment = makeEnvironment(env);
  const scene = viewOf(env)!.scene({ targetPosition: null });
  let observation = environment.reset({ seed: 1 });
  return Array.from({ length: steps }, (_, k) => {
    const picture = { ...scene, strokes: scene.strokes(observation) };
    observation = environment.step(k % environment.actionCount).observation;
    return picture;
  });
}

describe("an animation of an environment", () => {
  const scene = viewOf("CartPole-v1")?.scene({ targetPosition: null }) as Scene;
  const standing = { ...scene, strokes: scene.strokes(upright) };

  it("paints the pole on the cart, in its colour", () => {
    const cells = rasterize(scene, scene.strokes(upright), 54, 31);
    const at = (x: number, y: number) => {
      const column = Math.floor(((x - scene.left) / (scene.right - scene.left)) * 54);
      const row = Math.floor(((scene.top - y) / (scene.top - scene.bottom)) * 31);
      const cell = cells[row * 54 + column]!;
      return cell === 0 ? null : Math.floor((cell - 1) / 8);
    };
    expect([at(0, 0.9), at(0.1, 0), at(1, -0.13), at(1, 0.5)]).toEqual([2, 1, 0, null]);
  });

  it("moves the cart, not the track, with the target position", () => {
    const aimed = viewOf("CartPole-v1")?.scene({ targetPosition: 1 }) as Scene;
    const [cart] = aimed.strokes(upright).filter(({ color }) => color === 1);
    expect(cart!.points.map(([x]) => x)).toEqual([0.8, 1.2]);
  });

  it.each([
    ["CartPole-v1", 0.04],
    ["MountainCar-v0", 1 / 30],
    ["Acrobot-v1", 1 / 15],
  ] as const)("plays %s at real speed as a GIF", (env, seconds) => {
    const shown = viewOf(env)?.scene({ targetPosition: null }) as Scene;
    const frames = gifFrames(filmGif(film(env, 21), 120));
    expect(frames).toHaveLength(env === "CartPole-v1" ? 11 : 21);
    const aspect = (shown.top - shown.bottom) / (shown.right - shown.left);
    for (const frame of frames) {
      expect(frame.width).toBe(120);
      expect(frame.height).toBe(Math.round(120 * aspect));
      expect(frame.delay).toBeCloseTo(100 * seconds, -0.5);
    }
  });

  it("animates only the moving parts of an SVG", () => {
    const svg = filmSvg(film("CartPole-v1", 50), 'CartPole "upright"');
    expect(svg.match(/<polyline /g)).toHaveLength(5);
    expect(svg.match(/<animate /g)).toHaveLength(2);
    expect(svg.match(/dur="1s"/g)).toHaveLength(2);
    expect(/values="([^"]*)"/.exec(svg)?.[1]?.split(";")).toHaveLength(25);
    expect(svg).toContain("CartPole &#34;upright&#34;");
  });

  it("writes a valid GIF and SVG of one frame", () => {
    expect(gifFrames(filmGif([standing], 120))).toHaveLength(1);
    const svg = filmSvg([standing], "\u0001\u2028<>");
    expect(svg).not.toMatch(/<animate|NaN|undefined/);
    expect(svg).toContain('aria-label="\ufffd\u2028&#60;&#62;"');
  });

  it("draws braille in a terminal, with the pole in the middle column", () => {
    const lines = frameText(standing, 60);
    expect(new Set(lines.map((line) => line.length))).toEqual(new Set([60]));
    const pole = lines[Math.floor(lines.length / 2)]!;
    expect([...pole].findIndex((character) => character !== "\u2800")).toBeGreaterThan(27);
    expect([...pole].findLastIndex((character) => character !== "\u2800")).toBeLessThan(33);
  });

  it("does not exist for a custom environment", () => {
    expect(viewOf("./corridor.ts")).toBeNull();
  });
});
