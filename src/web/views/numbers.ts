/** Formats a whole number with thousands separators. */
export const count = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** Formats a score: whole numbers without, others with one decimal place. */
export function scoreText(score: number | null): string {
  if (score === null) return "-";
  return Number.isInteger(score) ? count.format(score) : score.toFixed(Math.abs(score) < 2 ? 2 : 1);
}

/** Formats seconds with two digits that matter, and long times in minutes. */
export function secondsText(seconds: number): string {
  if (seconds >= 60) return `${Math.round(seconds / 60)} min`;
  return `${seconds < 1 ? seconds.toFixed(2) : seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0)} s`;
}
