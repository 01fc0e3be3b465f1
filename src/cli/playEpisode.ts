import { evaluationStepLimit } from "../dqn/evaluation.ts";
import type { Environment } from "../environments/environment.ts";
import type { Player } from "./opponent.ts";

interface EpisodeSetting {
  /** Options of the reset. */
  readonly reset: { readonly seed: number } | undefined;
  /** The policy, and its opponent in a two-player game. */
  readonly players: readonly Player[];
  readonly policyBegins: boolean;
  /** Names of the actions, in order. */
  readonly names: readonly string[];
  /** Shows the state before each step, and the last state of a two-player game or of a person's. */
  show(observation: ArrayLike<number>, step: number): Promise<void>;
}

interface PlayedEpisode {
  /** Return of the policy. */
  readonly return: number;
  /** Steps, of both players. */
  readonly steps: number;
  /** False if the step limit cut the episode off. */
  readonly ended: boolean;
}

/** Plays an episode in which the players move in turn. Returns null if the input of a person ends. */
export async function playEpisode(
  environment: Environment,
  { names, players, policyBegins, reset, show }: EpisodeSetting,
): Promise<PlayedEpisode | null> {
  const first = policyBegins ? 0 : 1;
  const isAsking = players.some(({ isHuman }) => isHuman);
  let observation = environment.reset(reset);
  let episodeReturn = 0;
  let ended = false;
  let steps = 0;
  while (!ended && steps < evaluationStepLimit) {
    const player = players[(first + steps) % players.length]!;
    await show(observation, steps);
    const action = await player.choose(observation, environment.legalActions?.() ?? null);
    if (action === null) return null;
    if (isAsking && !player.isHuman) console.log(`The policy plays ${names[action]}.`);
    const result = environment.step(action);
    observation = result.observation;
    episodeReturn += player === players[0] ? result.reward : -result.reward;
    steps++;
    ended = result.terminated || result.truncated;
  }
  if (players.length === 2 || isAsking) await show(observation, steps);
  return { return: episodeReturn, steps, ended };
}
