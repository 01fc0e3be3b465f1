import type { Evaluation } from "../dqn/evaluation.ts";
import { evaluationStepLimit, summarize } from "../dqn/evaluation.ts";
import { UsageError } from "../errors.ts";
import { count, fixed, plain } from "../numberText.ts";

/** A whole number a flag gives, between bounds. @throws UsageError naming the flag. */
export function wholeNumber(flag: string, text: string, minimum: number, maximum: number): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < minimum || value > maximum) {
    throw new UsageError(
      `${flag} must be a whole number from ${minimum} to ${maximum}, got "${text}".`,
    );
  }
  return value;
}

export interface EpisodesFlags {
  readonly episodes: string;
  readonly seed: string;
  readonly json?: true;
}

export function readEpisodesFlags(flags: EpisodesFlags): { episodes: number; seed: number } {
  return {
    episodes: wholeNumber("--episodes", flags.episodes, 1, 1_000_000),
    seed: wholeNumber("--seed", flags.seed, 0, 2 ** 32 - 1),
  };
}

/** Prints the returns of played episodes, as a sentence or as one JSON object. */
export function printReturns(who: string, evaluation: Evaluation, json: boolean): void {
  const { mean, std, min, max } = summarize(evaluation.returns);
  const episodes = evaluation.returns.length;
  if (evaluation.capped > 0) {
    process.stderr.write(
      `${count(evaluation.capped)} of ${count(episodes)} episodes were cut at ${count(evaluationStepLimit)} steps: the environment sets no time limit.\n`,
    );
  }
  const text = json
    ? JSON.stringify({ episodes, meanReturn: mean, stdReturn: std, minReturn: min, maxReturn: max })
    : `${who}, ${count(episodes)} episodes: mean return ${fixed(mean, 2)} +- ${fixed(std, 2)}, from ${plain(min)} to ${plain(max)}`;
  process.stdout.write(`${text}\n`);
}
