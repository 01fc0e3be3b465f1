// npm run bench:envs: environment steps per second with 1, 8 and 64 copies of the environment, as two Markdown tables: steps of training, and
// steps of MinAtar's games alone with random actions.
import { type Config, defaults } from "../config/config.ts";
import { Training } from "../dqn/training.ts";
import { describeEnvironment } from "../environments/customEnvironment.ts";
import { Asterix } from "../games/minatar/asterix.ts";
import { Breakout } from "../games/minatar/breakout.ts";
import { Freeway } from "../games/minatar/freeway.ts";
import { Seaquest } from "../games/minatar/seaquest.ts";
import { SpaceInvaders } from "../games/minatar/spaceInvaders.ts";
import { Snake } from "../games/snake.ts";
import { RandomStream } from "../numerics/random.ts";
import { median } from "../numerics/statistics.ts";
import { machineName } from "./machine.ts";
import { sampleInterleaved, type Work } from "./measure.ts";

const COPIES = [1, 8, 64];
const ROUNDS = 15;
const STEPS_PER_CALL = 1_024;
/** Environment steps from one update to the next, the same for every number of copies. */
const STEPS_PER_UPDATE = 64;

const tasks = [
  { name: "CartPole-v1, 32", hiddenSizes: [32] },
  { name: "CartPole-v1, 64-64", hiddenSizes: [64, 64] },
  { name: "Snake 6x6, 128-128", hiddenSizes: [128, 128], environment: describeEnvironment(Snake) },
];

const games = [Asterix, Breakout, Freeway, Seaquest, SpaceInvaders];

/** Prints a table with a row per name: the steps per second of the work with each number of copies. */
function printTable(header: string, rows: readonly (readonly [string, readonly Work[]])[]): void {
  console.log(`| ${header} | ${COPIES.join(" | ")} | 64 against 1 |`);
  console.log(`|---|${"---|".repeat(COPIES.length + 1)}`);
  for (const [name, works] of rows) {
    const medians = sampleInterleaved(works, ROUNDS).map(median);
    const speeds = medians.map((microseconds) => (1e6 * STEPS_PER_CALL) / microseconds);
    const cells = speeds.map((speed) => `${(speed / 1e6).toFixed(2)} M/s`);
    const ratio = speeds.at(-1)! / speeds[0]!;
    console.log(`| ${name} | ${cells.join(" | ")} | ${ratio.toFixed(2)}x |`);
  }
}

/** Trains with copies of an environment. */
function trainingWork({ environment, hiddenSizes }: (typeof tasks)[number], copies: number): Work {
  const config: Config = {
    ...defaults,
    ...{ hiddenSizes, numEnvs: copies, totalSteps: null },
    ...{ totalEpisodes: Number.MAX_SAFE_INTEGER, bufferSize: 10_000 },
    // Almost no learning, so that the same policy plays with any number of copies.
    ...{ trainFrequency: STEPS_PER_UPDATE, explorationSteps: 1, learningRate: 1e-9 },
  };
  const training = new Training(config, {}, environment);
  return (times) => void training.advance(times * STEPS_PER_CALL);
}

/** Plays copies of a game with random actions. Each step writes its observation. */
function playingWork(Game: (typeof games)[number], copies: number): Work {
  const random = new RandomStream(new Uint32Array(4)).seed(1);
  const actions = new Uint8Array(STEPS_PER_CALL);
  const all = Array.from({ length: copies }, () => new Game());
  for (const [seed, game] of all.entries()) game.reset({ seed });
  return (times) => {
    for (let call = 0; call < times; call++) {
      for (let k = 0; k < STEPS_PER_CALL; k++) actions[k] = random.nextBelow(6);
      for (let k = 0; k < STEPS_PER_CALL; k++) {
        const game = all[k % copies]!;
        if (game.step(actions[k]!).terminated) game.reset();
      }
    }
  };
}

console.log(
  `${machineName()}, Node ${process.version}, an update every ${STEPS_PER_UPDATE} steps\n`,
);
printTable(
  "environment and network",
  tasks.map((task) => [task.name, COPIES.map((copies) => trainingWork(task, copies))]),
);
console.log();
printTable(
  "game alone",
  games.map((Game) => [Game.name, COPIES.map((copies) => playingWork(Game, copies))]),
);
