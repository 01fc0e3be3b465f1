import { type Config, defaults } from "../config/config.ts";
import { Training } from "../dqn/training.ts";
import { median, quantile } from "../numerics/statistics.ts";

/** Baseline of the ablation: a plain DQN of ordinary size, not tuned for any of the improvements. */
const plain: Config = {
  ...defaults,
  totalSteps: 100_000,
  hiddenSizes: [64, 64],
  learningRate: 1e-3,
  bufferSize: 20_000,
  batchSize: 64,
  learningStarts: 500,
  targetUpdateInterval: 100,
  explorationSteps: 5_000,
  solvedBy: "evaluation",
  solvedThreshold: 475,
  evalEvery: 500,
  evalEpisodes: 100,
};

const variants: readonly (readonly [string, Partial<Config>])[] = [
  ["plain", {}],
  ["Double", { doubleQ: true }],
  ["Dueling", { dueling: true }],
  ["prioritised", { prioritized: true }],
  ["3-step", { nSteps: 3 }],
  ["all four", { doubleQ: true, dueling: true, prioritized: true, nSteps: 3 }],
];

/** Yields a Markdown table of the steps until CartPole-v1 is solved, for each improvement and for all together. */
export function* ablation(seeds: readonly number[]): Generator<string> {
  yield "| | solved | steps to solved: median | quartiles | time: median |";
  yield "|---|---|---|---|---|";
  for (const [name, changes] of variants) {
    const trials = seeds.map((seed) => {
      const training = new Training({ ...plain, ...changes, seed });
      const start = performance.now();
      while (!training.advance(10_000));
      const { solved, steps } = training;
      return { solved, steps, seconds: (performance.now() - start) / 1000 };
    });
    const steps = trials.map((trial) => trial.steps);
    const seconds = trials.map((trial) => trial.seconds);
    const solved = trials.filter((trial) => trial.solved).length;
    const [low, middle, high] = [0.25, 0.5, 0.75].map((fraction) =>
      Math.round(quantile(steps, fraction)).toLocaleString("en-US"),
    );
    yield `| ${name} | ${solved} of ${seeds.length} | ${middle} | ${low} to ${high} | ${median(seconds).toFixed(2)} s |`;
  }
}
