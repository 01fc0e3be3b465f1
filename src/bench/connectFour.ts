// npm run bench:connect-four [-- --steps 400000 --seed 1]: trains Connect Four by self-play and plays matches, as a Markdown table.
import { type Config, defaults } from "../config/config.ts";
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

const GAMES = 400;
const STEPS_PER_ROW = 50_000;

const { seed, steps } = readFlags({
  seed: { type: "string", default: "1" },
  steps: { type: "string", default: "400000" },
});
const config: Config = {
  ...defaults,
  ...{ seed: Number(seed), totalSteps: Number(steps), hiddenSizes: [256, 128], doubleQ: true },
  ...{ learningRate: 5e-4, batchSize: 64, trainFrequency: 2, learningStarts: 2_000 },
  ...{ targetUpdateInterval: 1_000, explorationSteps: 50_000, explorationFinalEps: 0.1 },
  opponentInterval: 20_000,
};
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
  training.advance(STEPS_PER_ROW);
  seconds += (performance.now() - start) / 1000;
  const opponents = { random: randomPlayer(random), "2 plies": searchPlayer(2, random) };
  for (const [name, opponent] of Object.entries(opponents)) {
    const { draws, losses, wins } = playMatch(bot, opponent, GAMES);
    const cells = [wins, draws, losses].map((games) => `${((100 * games) / GAMES).toFixed(1)}%`);
    console.log(`| ${training.steps} | ${seconds.toFixed(0)} | ${name} | ${cells.join(" | ")} |`);
  }
}
