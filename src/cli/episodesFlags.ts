import type { Evaluation } from "../dqn/evaluation.ts";
import { summarize } from "../dqn/evaluation.ts";
import { winRates } from "../dqn/winRates.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { count, plain, score } from "../numberText.ts";
import { cappedText } from "../runs/cappedText.ts";
import { winRateText } from "../runs/winRateText.ts";
import { wholeNumber } from "./wholeNumber.ts";

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

/**
 * Prints a summary of the returns, as a sentence or as one JSON object.
 * @param opponent its name, for a two-player game
 */
export function printReturns(
  who: string,
  spec: EnvironmentSpec,
  evaluation: Evaluation,
  json: boolean,
  opponent = "random play",
): void {
  const { mean, std, min, max } = summarize(evaluation.returns);
  const episodes = evaluation.returns.length;
  if (evaluation.capped > 0) {
    process.stderr.write(`${cappedText(evaluation.capped, episodes)}\n`);
  }
  const rates = spec.players === 2 ? winRates(evaluation.returns) : null;
  const played = rates === null ? "" : `; ${winRateText(rates)} against ${opponent}`;
  const text = json
    ? JSON.stringify({
        ...{ episodes, meanReturn: mean, stdReturn: std, minReturn: min, maxReturn: max },
        ...(rates && { winRates: rates }),
      })
    : `${who} in ${spec.id}, ${count(episodes)} episodes: mean return ${score(mean, 2)} +- ${score(std, 2)}, from ${plain(min)} to ${plain(max)}${played}`;
  process.stdout.write(`${text}\n`);
}
