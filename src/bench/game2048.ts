// node build/src/bench/game2048.js [--steps 8000000 --seed 1]: trains 2048 and plays greedy games, as a Markdown table. The seconds are
// processor time of the training alone.
import { recipeConfig } from "../config/recipes.ts";
import { summarize } from "../dqn/evaluation.ts";
import { Training } from "../dqn/training.ts";
import { Game2048 } from "../games/game2048.ts";
import { readFlags } from "./flags.ts";
import { shortenedRecipe } from "./shortenedRecipe.ts";

const GAMES = 100;
const ROWS = 4;

const { seed, steps } = readFlags({
  seed: { type: "string", default: "1" },
  steps: { type: "string", default: String(recipeConfig("game-2048").totalSteps) },
});
const config = shortenedRecipe("game-2048", Number(steps), Number(seed));
const training = new Training(config, {}, Game2048);
const { policy } = training.agent;

/** Plays a game greedily and returns it. */
function play(gameSeed: number): Game2048 {
  const game = new Game2048();
  let observation: ArrayLike<number> = game.reset({ seed: gameSeed });
  let over = false;
  while (!over) {
    policy.observation.set(observation);
    const result = game.step(policy.greedyAction(game.legalActions()));
    observation = result.observation;
    over = result.terminated;
  }
  return game;
}

console.log(
  "| steps | seconds | mean score | best | reach 512 | 1,024 | 2,048 |\n|---|---|---|---|---|---|---|",
);
let microseconds = 0;
while (!training.finished) {
  const start = process.cpuUsage();
  training.advance(Math.ceil(config.totalSteps! / ROWS));
  const { system, user } = process.cpuUsage(start);
  microseconds += system + user;
  const games = Array.from({ length: GAMES }, (_, k) => play(1_000 + k));
  const { mean, max } = summarize(games.map(({ score }) => score));
  const shares = [512, 1024, 2048].map(
    (tile) => `${games.filter(({ largestTile }) => largestTile >= tile).length}%`,
  );
  const cells = [training.steps, (microseconds / 1e6).toFixed(0), mean.toFixed(0), max, ...shares];
  console.log(`| ${cells.join(" | ")} |`);
}
