// npm run reproduce: prints a table of each recipe's claimed result and of its measured results over several seeds.
import { recipeConfig, recipes } from "../config/recipes.ts";
import { summarize } from "../dqn/evaluation.ts";
import { Training } from "../dqn/training.ts";
import { isBuiltIn } from "../environments/registry.ts";
import { median } from "../numerics/statistics.ts";
import { ablation } from "./ablation.ts";
import { readFlags } from "./flags.ts";

/** The claim of each source, and the results of the source's code (PyTorch 1.13, one thread of an AMD EPYC). */
const sources: Readonly<Record<string, { readonly claim: string; readonly theirs: string }>> = {
  solve: { claim: "-", theirs: "-" },
  "tanh-64": {
    claim: "running score exceeds 400",
    theirs: "after 494 and 475 episodes, 92,774 and 92,344 steps, 56 s and 58 s",
  },
  "batchnorm-huber": {
    claim: "none stated",
    theirs: "1,069 episodes in 400 s, then stopped; mean of 100: 236, at best 507",
  },
  "per-episode": {
    claim: "none stated",
    theirs: "3,000 episodes in 8, 79 and 49 s; last mean of 100: 9, 412, 498",
  },
  "frame-stack": {
    claim: "200 from episode 30 on",
    theirs: "stays at 9 (100 episodes, 123 s); 200 at episode 27 (63 episodes, 240 s)",
  },
  "soft-update": {
    claim: "mean of 450 at episode 3,024",
    theirs: "at episodes 2,883 and 3,559, 410,000 steps, 139 s and 153 s",
  },
  "stable-baselines3": { claim: "500 (RL Zoo's benchmark)", theirs: "-" },
  cleanrl: { claim: "488.7 +- 16 at 500,000 steps", theirs: "-" },
  "mountain-car": { claim: "-100.8 (RL Zoo's benchmark)", theirs: "-" },
  acrobot: { claim: "-76.6 (RL Zoo's benchmark)", theirs: "-" },
};

const EVALUATION_STEPS = 5_000;

/** Result of one run of a recipe. */
interface Trial {
  readonly solved: boolean | null;
  readonly episodes: number;
  readonly steps: number;
  readonly lastMean: number;
  /** Best mean of 100 greedy episodes, played at the end and, if episodes have a time limit, every 5,000 steps. */
  readonly bestGreedy: number;
  /** Mean return from which Gymnasium counts the environment as solved; null if it does not say. */
  readonly rewardThreshold: number | null;
  readonly seconds: number;
}

function run(recipe: string, seed: number): Trial {
  const training = new Training({ ...recipeConfig(recipe), seed });
  const timeLimited = training.config.maxEpisodeSteps === null;
  let seconds = 0;
  let bestGreedy = -Infinity;
  for (let finished = false; !finished; ) {
    const start = performance.now();
    finished = training.advance(EVALUATION_STEPS);
    seconds += (performance.now() - start) / 1000;
    if (timeLimited || finished) {
      bestGreedy = Math.max(bestGreedy, summarize(training.finalEvaluation().returns).mean);
    }
  }
  const { episodes, solved, spec, steps } = training;
  const lastMean = training.meanReturn100() ?? 0;
  const { rewardThreshold } = spec;
  return { solved, episodes, steps, lastMean, bestGreedy, rewardThreshold, seconds };
}

function spread(values: readonly number[], digits = 0): string {
  const { max, min } = summarize(values);
  const show = (value: number) =>
    value.toLocaleString("en-US", { maximumFractionDigits: digits, minimumFractionDigits: digits });
  return values.length === 1 || min === max
    ? show(median(values))
    : `${show(median(values))} (${show(min)} to ${show(max)})`;
}

function row(recipe: string, trials: readonly Trial[]): string {
  const source = sources[recipe] ?? { claim: "-", theirs: "-" };
  const of = (key: "episodes" | "steps" | "lastMean" | "bestGreedy" | "seconds") =>
    trials.map((trial) => trial[key]);
  const criterion = trials.some(({ solved }) => solved !== null);
  const solved = trials.filter((trial) => trial.solved === true).length;
  const goal = trials[0]?.rewardThreshold ?? 475;
  const good = trials.filter(({ bestGreedy }) => bestGreedy >= goal).length;
  return `| ${[
    `\`${recipe}\``,
    source.claim,
    source.theirs,
    criterion ? `${solved} of ${trials.length}` : "no criterion",
    spread(of("episodes")),
    spread(of("steps")),
    spread(of("lastMean")),
    `${spread(of("bestGreedy"))}; ${good} of ${trials.length} at ${goal}`,
    `${spread(of("seconds"), 2)} s`,
  ].join(" | ")} |`;
}

// The results of the games are in docs/games.md.
const names = recipes.map(({ name }) => name).filter((name) => isBuiltIn(recipeConfig(name).env));
const values = readFlags({
  recipes: { type: "string", default: names.join(",") },
  seeds: { type: "string", default: "1-10" },
  ablation: { type: "boolean", default: false },
});
const [first = 1, last = first] = values.seeds.split("-").map(Number);
const seeds = Array.from({ length: last - first + 1 }, (_, k) => first + k);

if (values.ablation) {
  for (const line of ablation(seeds)) console.log(line);
} else {
  console.log(
    "| recipe | its source's claim | its source's code, run | criterion reached | episodes | steps | last 100 episodes' mean | best mean of 100 greedy episodes | time |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|");
  for (const recipe of values.recipes.split(",")) {
    const trials = seeds.map((seed) => {
      const trial = run(recipe, seed);
      console.error(`${recipe} seed ${seed}: ${JSON.stringify(trial)}`);
      return trial;
    });
    console.log(row(recipe, trials));
  }
}
