// npm run bench:connect-four [-- --steps 4000000 --seed 1]: trains Connect Four by self-play and plays matches, as a Markdown table.
import { recipeConfig } from "../config/recipes.ts";
import { Training } from "../dqn/training.ts";
import { ConnectFour } from "../games/connectFour.ts";
import {
  type ConnectFourPlayer,
  playMatch,
  randomPlayer,
  searchPlayer,
} from "../games/connectFourSearch.ts";
import { RandomStream } from "../numerics/random.ts";
import { readFlags } from "./flags.ts";
import { shortenedRecipe } from "./shortenedRecipe.ts";

const GAMES = 1000;
const ROWS = 4;

const { seed, steps } = readFlags({
  seed: { type: "string", default: "1" },
  steps: { type: "string", default: String(recipeConfig("connect-four").totalSteps) },
});
const config = shortenedRecipe("connect-four", Number(steps), Number(seed));
const training = new Training(config, {}, ConnectFour);
const { policy } = training.agent;
const random = new RandomStream(new Uint32Array(4)).seed(1);

/** The greedy policy. */
const bot: ConnectFourPlayer = (game) => {
  policy.observation.set(game.observation);
  return policy.greedyAction(game.legalActions());
};

console.log("| steps | seconds | against | won | drawn | lost |\n|---|---|---|---|---|---|");
let seconds = 0;
while (!training.finished) {
  const start = performance.now();
  training.advance(Math.ceil(config.totalSteps! / ROWS));
  seconds += (performance.now() - start) / 1000;
  const opponents = { random: randomPlayer(random), "2 plies": searchPlayer(2, random) };
  for (const [name, opponent] of Object.entries(opponents)) {
    const { draws, losses, wins } = playMatch(bot, opponent, GAMES);
    const cells = [wins, draws, losses].map((games) => `${((100 * games) / GAMES).toFixed(1)}%`);
    console.log(`| ${training.steps} | ${seconds.toFixed(0)} | ${name} | ${cells.join(" | ")} |`);
  }
}
