import type { Config } from "../config/config.ts";
import type { RecipeName } from "../config/recipes.ts";

/** A configuration to start from, with a plain name. */
export interface Preset {
  readonly name: string;
  readonly recipe: RecipeName;
  readonly changes?: Partial<Config>;
  /** Environment steps that the learning curve shows at first, if fewer than `totalSteps`: those of a run that usually ends earlier. */
  readonly steps?: number;
  /** Seconds until then at full speed, on one core of a server. */
  readonly seconds: number;
}

/** How an episode ended. */
export interface Ending {
  readonly steps: number;
  /** Sum of the rewards. In a two-player game, the reward of the player who moved last. */
  readonly total: number;
  /** The task ended, and not only the time. */
  readonly terminated: boolean;
}

/** An environment that the page offers, with all the text that depends on it. */
export interface Tab {
  readonly env: string;
  readonly name: string;
  /** Completes "Watch a neural network learn to ...". */
  readonly task: string;
  /** Rules and rewards, in one or two sentences. */
  readonly rules: string;
  /** The first one is the tab's own. */
  readonly presets: readonly [Preset, ...Preset[]];
  /** Environment steps per second at the slow end of the speed control. */
  readonly pace: number;
  /** Score at which the task counts as solved, if it is not the threshold of the run. */
  readonly goal?: number;
  /** Range of the scores on the learning curve, if it is known. */
  readonly scores?: readonly [least: number, most: number];
  /** Names of the observation's numbers. */
  readonly inputs?: readonly string[];
  /** Actions by the names of their keys. */
  readonly keys: Readonly<Record<string, number>>;
  /** Action of a player who presses no key: a number, the first and the last in turn, or none, because the game waits for a move. */
  readonly idle: number | "alternate" | "wait";
  /** Seconds per step of a game that does not state it. */
  readonly secondsPerStep?: number;
  /** Board for the tab's picture, for a game whose code is loaded only with its tab. */
  readonly sketch?: string;
  /** Whether a key that is held acts at every step. Else it acts once. Environments with a view ignore it: keys act while held. */
  readonly holdKeys?: boolean;
  /** Whether the numbers on its board are tiles. */
  readonly tiles?: boolean;
  /** 2 for a game of two players who alternate. */
  readonly players?: 2;
  readonly ending: (ending: Ending) => string;
}

const times = (steps: number) => `${steps} ${steps === 1 ? "step" : "steps"}`;

const arrows = (left: number, up: number, right: number, down: number) => ({
  ArrowLeft: left,
  ArrowUp: up,
  ArrowRight: right,
  ArrowDown: down,
});

/** Values of the recipe `general` for short runs in a page. */
const quick = { learningStarts: 500, explorationSteps: 10_000, evalEvery: 2_500 };

/** Whether this is the id of a MinAtar game, whose code the page loads with its first tab. */
export const isMinAtar = (env: string) => env.startsWith("MinAtar/");

/** A tab of a MinAtar game. Its goal is the mean return of the paper's DQN after 5 million frames, read off its figure. */
function minAtar(
  tab: Pick<Tab, "name" | "task" | "rules" | "sketch"> & {
    readonly goal: number;
    readonly id: string;
  },
): Tab {
  const { id, ...texts } = tab;
  const env = `MinAtar/${id}-v0`;
  return {
    ...texts,
    env,
    presets: [
      {
        name: "PQN, 5,000,000 frames",
        recipe: "minatar-pqn",
        changes: { env, evalEvery: 40_960, evalEpisodes: 10 },
        steps: 500_000,
        seconds: 320,
      },
    ],
    pace: 6_000,
    scores: [0, texts.goal],
    keys: { ...arrows(1, 2, 3, 4), " ": 5 },
    idle: 0,
    holdKeys: true,
    secondsPerStep: 0.1,
    ending: ({ steps, total }) => `${total} points in ${times(steps)}`,
  };
}

/** The tabs, in their order. To offer another environment, add it here and, if it is a game, to src/games/builtInGames.ts. */
export const tabs: readonly [Tab, ...Tab[]] = [
  {
    env: "CartPole-v1",
    name: "CartPole",
    task: "balance a pole",
    rules:
      "The network pushes the cart left or right, 50 times a second. Each step upright is one point. The pole has fallen at 12 degrees, or if the cart leaves the track.",
    presets: [
      { name: "Quick: one layer of 32", recipe: "solve", steps: 9_000, seconds: 0.06 },
      { name: "Classroom: one layer of 64", recipe: "tanh-64", steps: 106_000, seconds: 0.6 },
      { name: "CleanRL's values", recipe: "cleanrl", seconds: 11 },
      { name: "Stable-Baselines3's values", recipe: "stable-baselines3", seconds: 19 },
      { name: "Soft target updates", recipe: "soft-update", steps: 450_000, seconds: 6 },
      { name: "One update per episode", recipe: "per-episode", steps: 700_000, seconds: 0.3 },
      {
        name: "No target network, batches of 256",
        recipe: "frame-stack",
        steps: 7_600,
        seconds: 9,
      },
      {
        name: "Batch norm, exponential epsilon",
        recipe: "batchnorm-huber",
        steps: 600_000,
        seconds: 560,
      },
      { name: "General: for an unknown game", recipe: "general", seconds: 4 },
    ],
    pace: 550,
    goal: 475,
    scores: [0, 500],
    inputs: ["position", "velocity", "angle", "angular velocity"],
    keys: { ArrowLeft: 0, ArrowRight: 1 },
    idle: "alternate",
    ending: ({ steps, terminated }) =>
      terminated ? `Fell after ${times(steps)}` : `Upright for all ${times(steps)}`,
  },
  {
    env: "MountainCar-v0",
    name: "MountainCar",
    task: "climb a hill with a weak engine",
    rules:
      "The engine is too weak for the hill, so the car must swing back and forth. Each step costs one point, until the flag or for 200 steps.",
    presets: [
      { name: "Tuned: 3-step returns", recipe: "mountain-car", steps: 81_000, seconds: 6 },
      {
        name: "General: for an unknown game",
        recipe: "general",
        changes: { env: "MountainCar-v0" },
        seconds: 20,
      },
    ],
    pace: 4_000,
    scores: [-200, -80],
    inputs: ["position", "velocity"],
    keys: { ArrowLeft: 0, ArrowDown: 1, ArrowRight: 2 },
    idle: 1,
    ending: ({ steps, terminated }) =>
      terminated ? `At the flag after ${times(steps)}` : `No flag in ${times(steps)}`,
  },
  {
    env: "Acrobot-v1",
    name: "Acrobot",
    task: "swing a two-part arm above a line",
    rules:
      "A motor sits between the two links. The free end must swing above the line. Each step costs one point, for at most 500 steps.",
    presets: [
      { name: "Tuned: one layer of 64", recipe: "acrobot", steps: 7_000, seconds: 0.1 },
      {
        name: "General: for an unknown game",
        recipe: "general",
        changes: { env: "Acrobot-v1" },
        seconds: 20,
      },
    ],
    pace: 800,
    scores: [-500, -50],
    inputs: [
      "cos angle 1",
      "sin angle 1",
      "cos angle 2",
      "sin angle 2",
      "velocity 1",
      "velocity 2",
    ],
    keys: { ArrowLeft: 0, ArrowDown: 1, ArrowRight: 2 },
    idle: 1,
    ending: ({ steps, terminated }) =>
      terminated ? `Above the line after ${times(steps)}` : `Below the line for ${times(steps)}`,
  },
  {
    env: "Snake",
    name: "Snake",
    task: "play Snake",
    rules:
      "The snake turns left, goes straight or turns right. A fruit is one point and makes it longer. A wall, its own body or hunger costs one point and ends the game.",
    presets: [
      {
        name: "General, 150,000 steps",
        recipe: "general",
        changes: { env: "Snake", totalSteps: 150_000 },
        seconds: 15,
      },
    ],
    pace: 4_000,
    scores: [-1, 35],
    keys: { ArrowLeft: 0, ArrowUp: 1, ArrowRight: 2 },
    idle: 1,
    secondsPerStep: 0.12,
    ending: ({ steps, total }) => `${total + 1} fruits in ${times(steps)}`,
  },
  {
    env: "FrozenLake",
    name: "FrozenLake",
    task: "cross a frozen lake",
    rules:
      "Walk to the star without falling into a hole. The ice is slippery: two of three steps slip to a side. Only the star gives a point.",
    presets: [
      {
        name: "General, quick",
        recipe: "general",
        changes: { env: "FrozenLake", totalSteps: 60_000, ...quick, evalEpisodes: 100 },
        seconds: 5,
      },
    ],
    pace: 2_500,
    scores: [0, 1],
    keys: arrows(0, 3, 2, 1),
    idle: "wait",
    secondsPerStep: 0.25,
    ending: ({ steps, terminated, total }) =>
      total > 0
        ? `At the star after ${times(steps)}`
        : terminated
          ? `Into a hole after ${times(steps)}`
          : `Still on the ice after ${times(steps)}`,
  },
  {
    env: "CliffWalking",
    name: "Cliff",
    task: "walk along a cliff",
    rules:
      "Walk from the lower left to the star. A step costs one point. A step off the cliff costs 100 and leads back to the start.",
    presets: [
      {
        name: "General, quick",
        recipe: "general",
        changes: { env: "CliffWalking", totalSteps: 30_000, maxEpisodeSteps: 200, ...quick },
        seconds: 3,
      },
    ],
    pace: 1_500,
    scores: [-200, 0],
    keys: arrows(3, 0, 1, 2),
    idle: "wait",
    secondsPerStep: 0.2,
    ending: ({ terminated, total }) =>
      terminated ? `At the star with ${total} points` : `Lost: ${total} points`,
  },
  {
    env: "Game2048",
    name: "2048",
    task: "play 2048",
    rules:
      "Slide all tiles with one move. Equal tiles that meet merge, and their sum is the reward. The game ends when no move is left.",
    presets: [
      {
        name: "PQN, 1,000,000 moves",
        recipe: "game-2048",
        changes: {
          ...{ env: "Game2048", totalSteps: 1_000_000, learningRateSteps: 1_000_000 },
          ...{ explorationSteps: 100_000, evalEvery: 40_960, evalEpisodes: 10 },
        },
        seconds: 25,
      },
    ],
    pace: 3_000,
    keys: arrows(3, 0, 1, 2),
    idle: "wait",
    secondsPerStep: 0.15,
    tiles: true,
    ending: ({ steps, total }) => `${total} points in ${times(steps)}`,
  },
  {
    env: "ConnectFour",
    name: "Connect Four",
    task: "play Connect Four against itself",
    rules:
      "Four discs in a row, a column or a diagonal win. The network plays both sides and learns from its own games.",
    presets: [
      {
        name: "General, self-play",
        recipe: "general",
        changes: { env: "ConnectFour", totalSteps: 200_000 },
        seconds: 60,
      },
    ],
    pace: 2_000,
    scores: [-1, 1],
    keys: { 1: 0, 2: 1, 3: 2, 4: 3, 5: 4, 6: 5, 7: 6 },
    idle: "wait",
    secondsPerStep: 0.5,
    players: 2,
    ending: ({ steps, total }) =>
      total === 0
        ? `A draw after ${times(steps)}`
        : `${steps % 2 === 1 ? "Orange" : "Blue"} wins after ${steps} moves`,
  },
  minAtar({
    id: "Breakout",
    name: "Breakout",
    task: "play Breakout",
    rules:
      "The paddle moves left or right and returns the ball. Each brick is one point. A missed ball ends the game. This is a game of MinAtar: 10 x 10 cells, and one action in ten repeats the last one.",
    goal: 10,
    sketch: "■ ■ ■ ■ ■\n■ ■ · ■ ■\n· · · ● ·\n· · ■ · ·",
  }),
  minAtar({
    id: "Asterix",
    name: "Asterix",
    task: "play Asterix",
    rules:
      "Treasure and enemies cross the board. A treasure is one point, and an enemy ends the game. The game becomes faster.",
    goal: 17,
    sketch: "· G · · ·\n· · · ● ·\n● · @ · ·\n· · · G ·",
  }),
  minAtar({
    id: "Freeway",
    name: "Freeway",
    task: "cross a freeway",
    rules:
      "Walk from the bottom to the top between the cars. Each crossing is one point. A car leads back to the start. A game takes 2,500 frames.",
    goal: 50,
    sketch: "· ■ · · ■\n■ · · ■ ·\n· · ● · ·\n■ · · · ■",
  }),
  minAtar({
    id: "Seaquest",
    name: "Seaquest",
    task: "play Seaquest",
    rules:
      "The submarine shoots fish and enemy submarines for one point each and collects divers. It must surface with a diver before its oxygen ends.",
    goal: 20,
    sketch: "· · · · ·\n► · · ● ·\n· @ · · ◄\n· · ● · ·",
  }),
  minAtar({
    id: "SpaceInvaders",
    name: "Invaders",
    task: "play Space Invaders",
    rules:
      "The cannon moves left or right and shoots. Each alien is one point. A bullet or an alien that reaches the cannon ends the game.",
    goal: 45,
    sketch: "● ● ● ● ·\n● ● ● ● ·\n· · · · ·\n· · ▲ · ·",
  }),
];

/** Returns the tab of an environment. CartPole-v0 is CartPole-v1 with another time limit. Unknown ones get the first tab. */
export function tabOf(env: string): Tab {
  const id = env === "CartPole-v0" ? "CartPole-v1" : env;
  return tabs.find((tab) => tab.env === id) ?? tabs[0];
}
