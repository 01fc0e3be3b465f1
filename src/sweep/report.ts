import { groupBy } from "../groupBy.ts";
import { count, fixed, plain, score } from "../numberText.ts";
import {
  interquartileInterval,
  interquartileMean,
  median,
  quantile,
} from "../numerics/statistics.ts";
import { configurationName, identify, withoutRoundingError } from "./configuration.ts";
import type { OtherRows } from "./resultsFile.ts";
import { type TrialResult, trialName } from "./trial.ts";

/** Results of one configuration over its seeds. */
export interface ConfigurationSummary {
  readonly name: string;
  /** Last round that the configuration took part in; absent without rounds. */
  readonly round?: number;
  readonly trials: number;
  readonly failed: number;
  /** Solved fraction of the trials with a criterion; null without such trials. */
  readonly solvedFraction: number | null;
  /** Median and quartiles of the solved trials' steps. */
  readonly stepsToSolved: {
    readonly median: number;
    readonly low: number;
    readonly high: number;
  } | null;
  readonly medianSeconds: number | null;
  /** Interquartile mean of the final greedy return, with its 95 % bootstrap interval. */
  readonly finalReturn: {
    readonly mean: number;
    readonly low: number;
    readonly high: number;
  } | null;
}

/** Groups results by configuration, in the order in which the configurations first appear. */
export const groupResults = (results: readonly TrialResult[]): TrialResult[][] =>
  groupBy(results, (result) => identify(result).id);

/** The values without null and NaN, which cannot be ordered. */
export const known = (values: readonly (number | null)[]): number[] =>
  values.filter((value): value is number => value !== null && !Number.isNaN(value));

/** Maximum number of random draws of all bootstrap intervals together. They take a few seconds. */
const MOST_DRAWS = 200_000_000;
/** Minimum number of rounds of each interval. */
const FEWEST_ROUNDS = 200;

function summarizeConfiguration(
  results: readonly TrialResult[],
  rounds: number,
): ConfigurationSummary {
  const first = results[0]!;
  const whole = results.filter(({ error }) => error === "");
  const judged = whole.filter(({ solved }) => solved !== null);
  const solved = judged.filter((result) => result.solved === true);
  const steps = known(solved.map((result) => result.steps));
  const seconds = known(whole.map((result) => result.seconds));
  const returns = known(whole.map((result) => result.finalReturn));
  const [low = Number.NaN, high = Number.NaN] =
    returns.length > 0 ? interquartileInterval(returns, rounds).map(withoutRoundingError) : [];
  return {
    name: configurationName(first),
    ...(first.round && { round: first.round.number }),
    trials: results.length,
    failed: results.length - whole.length,
    solvedFraction: judged.length === 0 ? null : solved.length / judged.length,
    stepsToSolved:
      steps.length === 0
        ? null
        : { median: median(steps), low: quantile(steps, 0.25), high: quantile(steps, 0.75) },
    medianSeconds: seconds.length === 0 ? null : withoutRoundingError(median(seconds)),
    finalReturn:
      returns.length === 0
        ? null
        : { mean: withoutRoundingError(interquartileMean(returns)), low, high },
  };
}

/**
 * Summarizes each configuration, in the order of the results. Bootstrap intervals use 2,000 rounds, or fewer (at least 200) for more
 * than 100,000 results.
 * @param onDone receives the summarized fraction of the results
 */
export function summarizeSweep(
  results: readonly TrialResult[],
  onDone: (fraction: number) => void = () => undefined,
): ConfigurationSummary[] {
  const fitting = Math.floor(MOST_DRAWS / Math.max(1, results.length));
  const rounds = Math.max(FEWEST_ROUNDS, Math.min(2_000, fitting));
  let done = 0;
  return groupResults(results).map((trials) => {
    const summary = summarizeConfiguration(trials, rounds);
    done += trials.length;
    onDone(done / results.length);
    return summary;
  });
}

/** Formats the summaries as a Markdown table. */
export function summaryTable(summaries: readonly ConfigurationSummary[]): string[] {
  const hasRounds = summaries.some(({ round }) => round !== undefined);
  const rows = summaries.map((summary) => {
    const { failed, finalReturn, medianSeconds, name, solvedFraction, stepsToSolved, trials } =
      summary;
    const cells = [
      ...(hasRounds ? [`${summary.round ?? "-"}`] : []),
      name.replaceAll("|", "\\|"),
      failed === 0 ? `${trials}` : `${trials}, ${failed} failed`,
      solvedFraction === null ? "-" : `${fixed(100 * solvedFraction, 1)}%`,
      stepsToSolved === null
        ? "-"
        : `${count(stepsToSolved.median)} (${count(stepsToSolved.low)} to ${count(stepsToSolved.high)})`,
      medianSeconds === null ? "-" : `${plain(medianSeconds)} s`,
      finalReturn === null
        ? "-"
        : `${score(finalReturn.mean, 1)} (${score(finalReturn.low, 1)} to ${score(finalReturn.high, 1)})`,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const start = hasRounds ? "| round " : "";
  return [
    `${start}| configuration | trials | solved | steps to solved: median (quartiles) | median time | final return: interquartile mean (95%) |`,
    `${hasRounds ? "|---" : ""}|---|---|---|---|---|---|`,
    ...rows,
  ];
}

/** Sentence with the numbers of rows in results.csv that a report does not cover; empty if it covers all. */
export function describeOthers({ foreign, otherTrials, unreadable, versions }: OtherRows): string {
  const from = versions.length === 0 ? "another environment" : `version ${versions.join(", ")}`;
  const parts = [
    otherTrials > 0 ? `${count(otherTrials)} of other trials` : "",
    foreign > 0 ? `${count(foreign)} of ${from}` : "",
    unreadable > 0 ? `${count(unreadable)} that cannot be read` : "",
  ].filter((part) => part !== "");
  if (parts.length === 0) return "";
  return `Not in this report, kept in results.csv: ${parts.join(", ")}.`;
}

/** Sentences that name the best trial of a search and its run folder, if it has one. */
export function describeBest(best: TrialResult, folder: string | null): string {
  const place = folder === null ? "" : ` Its policy is in ${folder}.`;
  return `Best trial: ${trialName(best)}, final return ${score(best.finalReturn ?? Number.NaN, 1)} after ${count(best.steps ?? 0)} steps.${place}`;
}

/** Sentence with the three most frequent reasons why all trials failed. */
export function describeFailures(results: readonly TrialResult[]): string {
  const reasons = new Map<string, number>();
  for (const { error } of results) reasons.set(error, (reasons.get(error) ?? 0) + 1);
  const common = [...reasons].sort(([, a], [, b]) => b - a).slice(0, 3);
  const text = common.map(([reason, times]) => `${reason.replace(/\.$/, "")} (${count(times)})`);
  return `All ${count(results.length)} trials failed: ${text.join("; ")}.`;
}
