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

type Keys = Readonly<Record<string, number>>;

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
  /** The part that a push moves. */
  readonly pushed?: string;
  /** Names of the observation's numbers. */
  readonly inputs?: readonly string[];
  /** Actions by the names of their keys. */
  readonly keys: Keys;
  /** The same for the environment's variant `-v1`, which has only the actions that have an effect. */
  readonly minimalKeys?: Keys;
  /** Action of a player who presses no key: a number, the first and the last in turn, or none, because the game waits for a move. */
  readonly idle: number | "alternate" | "wait";
  /** Seconds per step of a game that does not state it. */
  readonly secondsPerStep?: number;
  /** Board for the tab's picture, for a game: its code is loaded only with its tab. */
  readonly sketch?: string;
  /** Whether a key that is held acts at every step. Else it acts once. Environments with a view ignore it: keys act while held. */
  readonly holdKeys?: boolean;
  /** Whether the numbers on its board are tiles. */
  readonly tiles?: boolean;
  /** 2 for a game of two players who alternate. */
  readonly players?: 2;
  readonly ending: (ending: Ending) => string;
}

const counted = (many: number, one: string) => `${many} ${one}${many === 1 ? "" : "s"}`;

const times = (steps: number) => counted(steps, "step");

const arrows = (left: number, up: number, right: number, down: number) => ({
  ArrowLeft: left,
  ArrowUp: up,
  ArrowRight: right,
  ArrowDown: down,
});

/** Keys of MinAtar's actions from 1. Action 0 does nothing. */
const minAtarKeys = ["ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown", " "] as const;

/** A tab of a MinAtar game. Its goal is the mean return of the paper's DQN after 5 million frames, read off its figure. */
function minAtar(
  tab: Pick<Tab, "name" | "task" | "rules" | "sketch"> & {
    readonly goal: number;
    readonly id: string;
    /** Actions that have an effect, without 0. */
    readonly actions: readonly number[];
  },
): Tab {
  const { actions, id, ...texts } = tab;
  const env = `MinAtar/${id}-v0`;
  return {
    ...texts,
    env,
    rules: `${texts.rules} The board has 10 x 10 cells. One time in ten, the game repeats the last action instead. The goal is the score of DQN in the paper on MinAtar.`,
    presets: [
      {
        name: "PQN, 5,000,000 steps",
        recipe: "minatar-pqn",
        changes: { env, evalEvery: 40_960, evalEpisodes: 10 },
        steps: 500_000,
        seconds: 320,
      },
      {
        name: "DQN, as in the paper",
        recipe: "minatar-dqn",
        changes: { env, evalEvery: 10_000, evalEpisodes: 10 },
        steps: 200_000,
        seconds: 5_000,
      },
    ],
    pace: 6_000,
    scores: [0, texts.goal],
    keys: Object.fromEntries(actions.map((action) => [minAtarKeys[action - 1]!, action])),
    minimalKeys: Object.fromEntries(actions.map((action, k) => [minAtarKeys[action - 1]!, k + 1])),
    idle: 0,
    holdKeys: true,
    secondsPerStep: 0.1,
    ending: ({ steps, total }) => `${counted(total, "point")} in ${times(steps)}`,
  };
}

/** The tabs, in their order. To offer another environment, add it here and, if it is a game, to src/games/builtInGames.ts. */
export const tabs: readonly [Tab, ...Tab[]] = [
  {
    env: "CartPole-v1",
    name: "CartPole",
    task: "balance a pole",
    rules:
      "The network pushes the cart left or right, 50 times a second. Each step is one point. An attempt ends when the pole leans by 12 degrees or the cart leaves the track.",
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
      {
        name: "PQN: no replay, no target network",
        recipe: "pqn",
        steps: 25_000,
        seconds: 0.2,
      },
      { name: "General values, for unknown games", recipe: "general", seconds: 4 },
    ],
    pace: 550,
    pushed: "cart",
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
      "The engine is too weak for the hill, so the car must swing back and forth. Each step costs one point. An attempt ends at the flag or after 200 steps.",
    presets: [
      { name: "Tuned: 3-step returns", recipe: "mountain-car", steps: 81_000, seconds: 6 },
      {
        name: "General values, for unknown games",
        recipe: "general",
        changes: { env: "MountainCar-v0" },
        seconds: 20,
      },
    ],
    pace: 4_000,
    pushed: "car",
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
      "A motor turns the joint between the two parts. The free end must swing above the line. Each step costs one point. An attempt has at most 500 steps.",
    presets: [
      { name: "Tuned: one layer of 64", recipe: "acrobot", steps: 7_000, seconds: 0.1 },
      {
        name: "General values, for unknown games",
        recipe: "general",
        changes: { env: "Acrobot-v1" },
        seconds: 20,
      },
    ],
    pace: 800,
    pushed: "arm",
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
      "The snake turns left, goes straight or turns right. A fruit is one point and makes it longer. It dies at a wall, at its own body or of hunger: that costs one point.",
    presets: [{ name: "General values, 150,000 steps", recipe: "snake", seconds: 15 }],
    pace: 4_000,
    goal: 29,
    scores: [-1, 35],
    keys: { ArrowLeft: 0, ArrowUp: 1, ArrowRight: 2 },
    idle: 1,
    secondsPerStep: 0.12,
    sketch: "· · · · · ·\n· ■ ■ ■ · ·\n· · · ► · ●\n· · · · · ·",
    ending: ({ steps, terminated, total }) =>
      // A death costs a point, but a full board ends the game too.
      `${counted(terminated && total < 35 ? total + 1 : total, "fruit")} in ${times(steps)}`,
  },
  {
    env: "FrozenLake",
    name: "FrozenLake",
    task: "cross a frozen lake",
    rules:
      "Walk to the star without falling into a hole. The ice is slippery: two of three steps slip to a side. Only the star gives a point.",
    presets: [
      {
        name: "General values, 100,000 steps",
        recipe: "frozen-lake",
        changes: { evalEvery: 2_500, evalEpisodes: 100 },
        seconds: 8,
      },
    ],
    pace: 2_500,
    goal: 0.7,
    scores: [0, 1],
    keys: arrows(0, 3, 2, 1),
    idle: "wait",
    secondsPerStep: 0.25,
    sketch: "@ · · ·\n· O · O\n· · · O\nO · · G",
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
        name: "General values, 50,000 steps",
        recipe: "cliff-walking",
        changes: { evalEvery: 2_500 },
        seconds: 5,
      },
    ],
    pace: 1_500,
    scores: [-200, 0],
    keys: arrows(3, 0, 1, 2),
    idle: "wait",
    secondsPerStep: 0.2,
    sketch: "· · · · · ·\n· · @ · · ·\n· · · · · ·\n· ^ ^ ^ ^ G",
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
          ...{ totalSteps: 1_000_000, learningRateSteps: 1_000_000, explorationSteps: 100_000 },
          ...{ evalEvery: 40_960, evalEpisodes: 10 },
        },
        seconds: 25,
      },
    ],
    pace: 6_000,
    goal: 11_000,
    keys: arrows(3, 0, 1, 2),
    idle: "wait",
    secondsPerStep: 0.15,
    tiles: true,
    sketch: "4 8 2 64\n· · 16 2\n· · · 4\n2 · · ·",
    ending: ({ steps, total }) => `${counted(total, "point")} in ${times(steps)}`,
  },
  {
    env: "ConnectFour",
    name: "Connect Four",
    task: "play Connect Four against itself",
    rules:
      "Four discs in a row, a column or a diagonal win. The network plays both sides and learns from its own games. The test is against random moves: a win is 1, a loss is -1.",
    presets: [
      {
        name: "PQN, 4,000,000 moves",
        recipe: "connect-four",
        changes: { evalEvery: 40_960 },
        steps: 500_000,
        seconds: 95,
      },
      {
        name: "DQN against frozen opponents",
        recipe: "general",
        changes: { env: "ConnectFour", totalSteps: 200_000 },
        seconds: 60,
      },
    ],
    pace: 6_000,
    scores: [-1, 1],
    keys: { 1: 0, 2: 1, 3: 2, 4: 3, 5: 4, 6: 5, 7: 6 },
    idle: "wait",
    secondsPerStep: 0.5,
    players: 2,
    sketch: "· · · · · · ·\n· · · ○ · · ·\n· · ○ ● · · ·\n· ● ○ ● ● ○ ·",
    ending: ({ steps, total }) =>
      total === 0
        ? `A draw after ${times(steps)}`
        : `${steps % 2 === 1 ? "Orange" : "Blue"} wins after ${steps} moves`,
  },
  minAtar({
    id: "Breakout",
    actions: [1, 3],
    name: "Breakout",
    task: "play Breakout",
    rules:
      "The paddle moves left or right and returns the ball. Each brick is one point. A missed ball ends the game.",
    goal: 10,
    sketch: "■ ■ ■ ■ ■\n■ ■ · ■ ■\n· · · ● ·\n· · ■ · ·",
  }),
  minAtar({
    id: "Asterix",
    actions: [1, 2, 3, 4],
    name: "Asterix",
    task: "play Asterix",
    rules:
      "Treasures and enemies cross the board. A treasure is one point. An enemy ends the game. The game becomes faster.",
    goal: 17,
    sketch: "· G · · ·\n· · · ● ·\n● · @ · ·\n· · · G ·",
  }),
  minAtar({
    id: "Freeway",
    actions: [2, 4],
    name: "Freeway",
    task: "cross a freeway",
    rules:
      "Walk from the bottom to the top between the cars. Each crossing is one point. After a hit by a car, it begins at the bottom again. A game has 2,500 steps.",
    goal: 50,
    sketch: "· ■ · · ■\n■ · · ■ ·\n· · ● · ·\n■ · · · ■",
  }),
  minAtar({
    id: "Seaquest",
    actions: [1, 2, 3, 4, 5],
    name: "Seaquest",
    task: "play Seaquest",
    rules:
      "The submarine shoots fish and enemy submarines for one point each and collects divers. It must surface with a diver before its oxygen ends.",
    goal: 20,
    sketch: "· · · · ·\n► · · ● ·\n· @ · · ◄\n· · ● · ·",
  }),
  minAtar({
    id: "SpaceInvaders",
    actions: [1, 3, 5],
    name: "Invaders",
    task: "play Space Invaders",
    rules:
      "The cannon moves left or right and shoots. Each alien is one point. A bullet or an alien that reaches the cannon ends the game.",
    goal: 45,
    sketch: "● ● ● ● ·\n● ● ● ● ·\n· · · · ·\n· · ▲ · ·",
  }),
];

/** Environments that share the tab of another one: they differ in the time limit, the board or the ice. */
const variants: Readonly<Record<string, string>> = {
  "CartPole-v0": "CartPole-v1",
  "FrozenLake8x8-v1": "FrozenLake",
  "CliffWalkingSlippery-v1": "CliffWalking",
};

/** Returns the tab of an environment; undefined for an unknown one. The variants `-v1` of MinAtar's games have fewer actions. */
export function findTab(env: string): Tab | undefined {
  const id = variants[env] ?? env.replace(/(?<=^MinAtar\/.*-v)1$/, "0");
  return tabs.find((tab) => tab.env === id);
}

/** Returns the tab of an environment, or the first one. */
export function tabOf(env: string): Tab {
  return findTab(env) ?? tabs[0];
}
