import { summarize } from "../dqn/evaluation.ts";
import type { Training } from "../dqn/training.ts";
import { winRates as ratesOf, type WinRates } from "../dqn/winRates.ts";
import { weightsSha256 } from "../formats/policy.ts";
import { count, fixed, score } from "../numberText.ts";
import { cappedText } from "./cappedText.ts";
import { winRateText } from "./winRateText.ts";

/** Result of a run, as `train --json` prints it. */
export interface Summary {
  readonly env: string;
  readonly recipe: string;
  readonly seed: number;
  readonly backend: string;
  /** Whether the run reached its criterion (solvedBy); null without a criterion. */
  readonly solved: boolean | null;
  readonly steps: number;
  readonly episodes: number;
  readonly updates: number;
  /** Training time from the first reset to the stop, with evaluations, without the final evaluation. */
  readonly seconds: number;
  readonly stepsPerSecond: number;
  /** Mean return of the last 100 training episodes; null if no episode ended. */
  readonly meanReturn100: number | null;
  /** Greedy episodes after training, on a random stream that no earlier evaluation used. */
  readonly evaluation: {
    readonly episodes: number;
    readonly meanReturn: number;
    /** Episodes that were stopped at the step limit, because the environment has no time limit. */
    readonly capped: number;
    /** Results against random play; only for a two-player game. */
    readonly winRates?: WinRates;
  };
  readonly weightsSha256: string;
  readonly runDirectory: string;
}

/** Plays the final evaluation and returns the summary. */
export async function summarizeRun(
  training: Training,
  recipe: string,
  seconds: number,
  runDirectory: string,
): Promise<Summary> {
  const { config } = training;
  const { capped, returns } = training.finalEvaluation();
  return {
    env: config.env,
    recipe,
    seed: config.seed,
    backend: config.backend,
    solved: training.solved,
    steps: training.steps,
    episodes: training.episodes,
    updates: training.agent.updates,
    seconds,
    stepsPerSecond: training.steps / seconds,
    meanReturn100: training.meanReturn100(),
    evaluation: {
      episodes: returns.length,
      meanReturn: summarize(returns).mean,
      capped,
      ...(training.spec.players === 2 && { winRates: ratesOf(returns) }),
    },
    weightsSha256: await weightsSha256(training.weights()),
    runDirectory,
  };
}

/** Formats the summary as lines of text. */
export function describeSummary(summary: Summary): string[] {
  const verdict =
    summary.solved === null ? "Finished" : summary.solved ? "Solved" : "Stopped, not solved";
  const time =
    summary.seconds < 1 ? `${count(1000 * summary.seconds)} ms` : `${fixed(summary.seconds, 2)} s`;
  const mean =
    summary.meanReturn100 === null ? "no episode ended" : score(summary.meanReturn100, 1);
  const { capped, episodes, winRates } = summary.evaluation;
  const played = winRates === undefined ? "" : `, ${winRateText(winRates)} against random play`;
  return [
    "",
    `${verdict}: ${summary.env}, recipe ${summary.recipe}, seed ${summary.seed}, ${summary.backend} kernels`,
    `  ${count(summary.steps)} steps, ${count(summary.episodes)} episodes and ${count(summary.updates)} updates in ${time} (${count(summary.stepsPerSecond)} steps/s)`,
    `  mean return of the last 100 training episodes: ${mean}`,
    `  mean return of ${episodes} greedy episodes: ${score(summary.evaluation.meanReturn, 1)}${played}`,
    ...(capped > 0 ? [`  ${cappedText(capped, episodes)}`] : []),
    `  weights ${summary.weightsSha256}`,
    `  ${summary.runDirectory}`,
  ];
}
