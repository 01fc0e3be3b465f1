// npm run bench:curve [-- folder]: draws the README's learning curves of `solve` into the folder (default: .github).
import { join } from "node:path";
import { recipeConfig } from "../config/recipes.ts";
import { summarize } from "../dqn/evaluation.ts";
import { Training } from "../dqn/training.ts";
import { makeFolder } from "../files/makeFolder.ts";
import { saveFile } from "../files/saveFile.ts";
import { quantile } from "../numerics/statistics.ts";
import { chartSvg, type Mark, type Point } from "../plots/chart.ts";

const SEEDS = 40;
const STEPS = 16_000;
const EVERY = 400;
const EPISODES = 20;

/** Mean greedy returns during training. The run does not stop when solved, so that all seeds are equally long. */
function curveOf(seed: number): Point[] {
  const points: Point[] = [];
  const plan = {
    totalSteps: STEPS,
    solvedBy: "none",
    evalEvery: EVERY,
    evalEpisodes: EPISODES,
  } as const;
  const training = new Training(
    { ...recipeConfig("solve"), ...plan, seed },
    { evaluation: ({ returns }, steps) => points.push([steps, summarize(returns).mean]) },
  );
  while (!training.advance(10_000));
  return points;
}

const curves = Array.from({ length: SEEDS }, (_, k) => curveOf(k + 1));
const steps = curves[0]!.map(([at]) => at);
const at = (k: number, fraction: number) =>
  quantile(
    curves.map((curve) => curve[k]![1]),
    fraction,
  );
const marks: Mark[] = [
  ...curves.map((points): Mark => ({ kind: "line", color: 0, points, faint: true })),
  { kind: "band", color: 0, points: steps.map((x, k) => [x, at(k, 0.25), at(k, 0.75)]) },
  {
    kind: "line",
    color: 0,
    points: steps.map((x, k) => [x, at(k, 0.5)]),
    name: "median",
  },
];
const folder = process.argv[2] ?? ".github";
makeFolder(folder);
const title = `CartPole-v1, recipe solve, ${SEEDS} seeds`;
const y = { label: `mean return of ${EPISODES} greedy episodes`, from: 0, to: 500 };
saveFile(
  join(folder, "learning-curve.svg"),
  chartSvg(
    [{ title, x: { label: "environment steps", to: STEPS }, y, marks }],
    1,
    `Learning curves: ${title}`,
  ),
);
