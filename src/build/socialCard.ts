// Draws the pictures with which other sites show a link to the page: card.png (1200 x 630) and icon.png (180 x 180), both in
// src/web/public/. Run it after a change of the drawings: node build/src/build/socialCard.js
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { train } from "../dqn/train.ts";
import { chromium as installed } from "../engines/browsers.ts";
import { makeEnvironment } from "../environments/registry.ts";
import { saveFile } from "../files/saveFile.ts";
import type { Stroke } from "../scenes/scene.ts";
import { viewOf } from "../scenes/views.ts";

const folder = "src/web/public";
const ink = {
  paper: "#0d1117",
  text: "#e6edf3",
  faded: "#9198a1",
  goal: "#f0883e",
  line: "#58a6ff",
};
const colors = ["#656c76", "#58a6ff", "#f0883e"] as const;
const scene = viewOf("CartPole-v1")!.scene({ targetPosition: null });

/** SVG of strokes in the scene's units. */
function drawing(strokes: readonly Stroke[], opacity = 1): string {
  const lines = strokes.map(({ color, points, width }) => {
    const list = points.map(([x, y]) => `${x},${-y}`).join(" ");
    return `<polyline points="${list}" stroke="${colors[color]}" stroke-width="${width}"/>`;
  });
  return `<g fill="none" stroke-linecap="round" stroke-linejoin="round" opacity="${opacity}">${lines.join("")}</g>`;
}

/** A cart at rest, and the same cart as it falls because it is always pushed to the right. */
function stage(): string {
  const environment = makeEnvironment("CartPole-v1");
  const moments = [Array.from(environment.reset({ seed: 4 }))];
  for (let step = 0; step < 14; step++) moments.push(Array.from(environment.step(1).observation));
  const ghosts = [14, 11, 8].map((step, k) => {
    const front = scene.strokes(moments[step]!).filter(({ color }) => color !== 0);
    return drawing(front, 0.16 + 0.14 * k);
  });
  return ghosts.join("") + drawing(scene.strokes(moments[0]!));
}

/** The learning curve of the recipe `solve` in a box of 500 x 220: episodes as dots, evaluations as a line. */
async function curve(): Promise<string> {
  const dots: [number, number][] = [];
  const tests: [number, number][] = [];
  const training = await train({
    seed: 1,
    evalEvery: 400,
    episode: ({ return: score, steps }) => dots.push([steps, score]),
    evaluation: ({ returns }, steps) =>
      tests.push([steps, returns.reduce((sum, value) => sum + value, 0) / returns.length]),
  });
  const x = (steps: number) => (500 * steps) / training.steps;
  const y = (score: number) => 220 - (220 * score) / 500;
  const points = tests.map(([steps, score]) => `${x(steps)},${y(score)}`).join(" ");
  const circles = dots.map(
    ([steps, score]) =>
      `<circle cx="${x(steps)}" cy="${y(score)}" r="3" fill="${ink.faded}" opacity="0.6"/>`,
  );
  return `${circles.join("")}
    <path d="M0 ${y(475)}H500" stroke="${ink.goal}" stroke-width="2" stroke-dasharray="7 7"/>
    <polyline points="${points}" fill="none" stroke="${ink.line}" stroke-width="6" stroke-linejoin="round" stroke-linecap="round"/>`;
}

const card = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630" viewBox="0 0 1200 630" font-family="system-ui, sans-serif">
  <rect width="1200" height="630" fill="${ink.paper}"/>
  <text x="70" y="118" font-size="64" font-weight="700" fill="${ink.text}">Watch a neural network learn</text>
  <text x="70" y="178" font-size="32" fill="${ink.faded}">Deep Q-learning in your browser tab. The same bits everywhere.</text>
  <svg x="60" y="230" width="540" height="340" viewBox="-1.15 -1.2 2.3 1.45">${stage()}</svg>
  <g transform="translate(650 310)">${await curve()}</g>
  <text x="1150" y="592" text-anchor="end" font-size="30" font-weight="600" fill="${ink.text}">wasm-dqn</text>
</svg>`;

/** The icon with a margin on an opaque ground: phones cut its corners. */
const icon = readFileSync(`${folder}/icon.svg`, "utf8").replace(
  'viewBox="0 0 32 32"',
  'viewBox="-5 -5 42 42" width="180" height="180" style="background: #ffffff"',
);

const browser = await chromium.launch({
  executablePath: await installed.locate(),
  args: ["--no-sandbox"],
});
for (const [name, svg, width, height] of [
  ["card.png", card, 1200, 630],
  ["icon.png", icon, 180, 180],
] as const) {
  const page = await browser.newPage({ viewport: { width, height } });
  await page.setContent(`<body style="margin: 0">${svg}</body>`);
  saveFile(`${folder}/${name}`, await page.screenshot());
  console.log(`${folder}/${name}`);
}
await browser.close();
