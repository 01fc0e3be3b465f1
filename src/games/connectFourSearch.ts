import type { RandomStream } from "../numerics/random.ts";
import { ConnectFour, landingCell, makesFour } from "./connectFour.ts";

const columns = 7;

/** Chooses a legal action for the player to move. */
export type ConnectFourPlayer = (game: ConnectFour) => number;

/** Plays random legal moves. */
export function randomPlayer(random: RandomStream): ConnectFourPlayer {
  return (game) => {
    const legal = game.legalActions();
    let action = random.nextBelow(columns);
    while (legal[action] === 0) action = random.nextBelow(columns);
    return action;
  };
}

/**
 * Value of the position for `player`, who moves next, by a search of `depth` plies: positive for a forced win, the more the sooner;
 * negative for a forced loss; 0 if neither is in sight. Values outside (low, high) may be bounds.
 */
function negamax(
  cells: Uint8Array,
  player: number,
  depth: number,
  low: number,
  high: number,
): number {
  if (depth === 0) return 0;
  let best = -Infinity;
  for (let column = 0; column < columns; column++) {
    const cell = landingCell(cells, column);
    if (cell === -1) continue;
    let value = depth;
    if (!makesFour(cells, cell, player)) {
      cells[cell] = player;
      value = -negamax(cells, 3 - player, depth - 1, -high, -Math.max(low, best));
      cells[cell] = 0;
    }
    if (value > best) best = value;
    if (best >= high) return best;
  }
  // A full board is a draw.
  return best === -Infinity ? 0 : best;
}

/**
 * Searches `plies` moves ahead, both players' moves counted, and draws among the best moves. With two plies, it wins at once if it can
 * and else lets the opponent not win at once if it can.
 */
export function searchPlayer(plies: number, random: RandomStream): ConnectFourPlayer {
  const cells = new Uint8Array(42);
  return (game) => {
    const { turn } = game;
    cells.set(game.cells);
    let best = -Infinity;
    let choice = -1;
    let equals = 0;
    for (let column = 0; column < columns; column++) {
      const cell = landingCell(cells, column);
      if (cell === -1) continue;
      let value = plies;
      if (!makesFour(cells, cell, turn)) {
        cells[cell] = turn;
        value = -negamax(cells, 3 - turn, plies - 1, -Infinity, Infinity);
        cells[cell] = 0;
      }
      if (value > best) equals = 0;
      if (value < best) continue;
      best = value;
      equals++;
      if (random.nextBelow(equals) === 0) choice = column;
    }
    return choice;
  };
}

/** Plays `games` games, in which the players take turns to begin. Returns the results of the first player. */
export function playMatch(
  player: ConnectFourPlayer,
  opponent: ConnectFourPlayer,
  games: number,
): { wins: number; draws: number; losses: number } {
  const game = new ConnectFour();
  const results = { wins: 0, draws: 0, losses: 0 };
  for (let k = 0; k < games; k++) {
    game.reset();
    const own = 1 + (k % 2);
    let terminated = false;
    while (!terminated) {
      const chooses = game.turn === own ? player : opponent;
      ({ terminated } = game.step(chooses(game)));
    }
    if (game.winner === 0) results.draws++;
    else if (game.winner === own) results.wins++;
    else results.losses++;
  }
  return results;
}
