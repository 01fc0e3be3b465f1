import type { WinRates } from "../dqn/winRates.ts";
import { fixed } from "../numberText.ts";

/** Formats the results of a two-player game: `won 90.0%, drew 4.0%, lost 6.0%`. */
export function winRateText({ drawRate, lossRate, winRate }: WinRates): string {
  const percent = (rate: number) => `${fixed(100 * rate, 1)}%`;
  return `won ${percent(winRate)}, drew ${percent(drawRate)}, lost ${percent(lossRate)}`;
}
