// npm run bench:minatar -- runs/*: prints a Markdown table of runs in MinAtar, and draws their learning curves into .github/minatar.svg.
import { saveFile } from "../files/saveFile.ts";
import { groupBy } from "../groupBy.ts";
import { median } from "../numerics/statistics.ts";
import { chartSvg, type Panel } from "../plots/chart.ts";
import { captionOf, learningCurves } from "../plots/learningCurves.ts";
import { groupRuns } from "../plots/runGroups.ts";
import { type RunRecord, readRun } from "../plots/runRecord.ts";

/** Mean returns of the DQN of Young & Tian (2019) after 5 million frames, read off their figure. */
const paper: Readonly<Record<string, number>> = {
  "MinAtar/Asterix-v0": 17,
  "MinAtar/Breakout-v0": 10,
  "MinAtar/Freeway-v0": 50,
  "MinAtar/Seaquest-v0": 20,
  "MinAtar/SpaceInvaders-v0": 45,
};

const FRAMES = [1_000_000, 5_000_000];

/** Mean return of the last 100 episodes that had ended at a step. */
function meanAt({ curves }: RunRecord, step: number): number {
  const { steps, values } = curves.returns;
  const ended = steps.filter((at) => at <= step).length;
  const last = values.slice(Math.max(0, ended - 100), ended);
  return last.reduce((sum, value) => sum + value, 0) / last.length;
}

const games = groupBy(process.argv.slice(2).map(readRun), ({ env }) => env).toSorted(([a], [b]) =>
  a!.env < b!.env ? -1 : 1,
);
const head = FRAMES.map((frames) => `after ${frames / 1e6} million frames`);
console.log(`| game | ${head.join(" | ")} | the paper's DQN |\n|---|---|---|---|`);
for (const runs of games) {
  const cells = FRAMES.map((step) => {
    const means = runs.map((run) => meanAt(run, step));
    const all = means.map((mean) => mean.toFixed(1)).join(", ");
    return `${median(means).toFixed(1)} (${all})`;
  });
  const { env } = runs[0]!;
  console.log(`| ${env} | ${cells.join(" | ")} | ${paper[env] ?? "-"} |`);
}

const groups = games.map((runs) => groupRuns(runs));
const panels = games.flatMap(([first], k): Panel[] => {
  const [returns] = learningCurves(groups[k]!);
  if (returns === undefined) return [];
  const goal = paper[first!.env];
  const level =
    goal === undefined ? [] : [{ kind: "level", y: goal, name: "paper's DQN" } as const];
  const title = first!.env.replace(/^MinAtar\/|-v\d$/g, "");
  return [{ ...returns, title, marks: [...returns.marks, ...level] }];
});
const title = "Learning curves of MinAtar's games";
saveFile(".github/minatar.svg", chartSvg(panels, 3, title, captionOf(groups.flat())));
