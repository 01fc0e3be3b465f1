/** Fractions of the episodes of a two-player game, which add up to 1. */
export interface WinRates {
  readonly winRate: number;
  readonly drawRate: number;
  readonly lossRate: number;
}

/** Counts episodes with a positive return as won, with a return of 0 as drawn, all others as lost. */
export function winRates(returns: readonly number[]): WinRates {
  const fraction = (fits: (value: number) => boolean) =>
    returns.filter(fits).length / returns.length;
  return {
    winRate: fraction((value) => value > 0),
    drawRate: fraction((value) => value === 0),
    lossRate: fraction((value) => value < 0),
  };
}
