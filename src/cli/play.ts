import type { Command } from "commander";
import { winRates } from "../dqn/winRates.ts";
import type { Environment } from "../environments/environment.ts";
import type { EnvironmentOptions, EnvironmentSpec } from "../environments/environmentSpec.ts";
import { plainEnvironment } from "../environments/registry.ts";
import { RunError, UsageError } from "../errors.ts";
import { saveFile } from "../files/saveFile.ts";
import { count, plain } from "../numberText.ts";
import { streamSeed, streams } from "../numerics/random.ts";
import { winRateText } from "../runs/winRateText.ts";
import { framePace } from "../scenes/framePace.ts";
import { pictureSource, type Shown, secondsPerStep } from "../scenes/pictures.ts";
import { frameText } from "../terminal/frameText.ts";
import { policyEnvironmentHelp } from "./environmentFlag.ts";
import { openEnvironment } from "./openEnvironment.ts";
import {
  actionNames,
  chooseOpponent,
  humanPlayer,
  keyPlayer,
  type Player,
  policyPlayer,
  refuseUnlessTwoPlayers,
} from "./opponent.ts";
import { playEpisode } from "./playEpisode.ts";
import { openPolicyFile, policyArgument } from "./policyFile.ts";
import { wholeNumber } from "./wholeNumber.ts";

interface PlayFlags {
  readonly env?: string;
  readonly episodes: string;
  readonly seed: string;
  readonly gif?: string;
  readonly svg?: string;
  readonly against?: string;
}

/** Maximum length of an animation: one minute of CartPole. */
const FILM_STEPS = 3_000;

const screenColumns = () => Math.min(72, (process.stdout.columns || 80) - 1);

export function addPlayCommand(program: Command): void {
  program
    .command("play")
    .description("show a saved policy in the terminal at real speed, or write an animation")
    .argument(policyArgument[0], `${policyArgument[1]}; human to play the game of --env yourself`)
    .option("--env <id|module>", policyEnvironmentHelp)
    .option("--episodes <number>", "number of episodes", "1")
    .option("--seed <number>", "seed of the environment", "1")
    .option(
      "--against <policy|random|human>",
      "opponent in a game for two players: policy is the same policy, human is you; also the path of another policy (default: random)",
    )
    .option("--gif <file.gif>", "write the first episode as an animated GIF")
    .option("--svg <file.svg>", "write the first episode as an animated SVG")
    .helpOption("-h, --help", "show this help")
    .action(play);
}

async function play(given: string, flags: PlayFlags): Promise<void> {
  const episodes = wholeNumber("--episodes", flags.episodes, 1, 1_000);
  const seed = streamSeed(
    wholeNumber("--seed", flags.seed, 0, 2 ** 32 - 1),
    streams.finalEvaluation,
  );
  for (const [flag, ending] of [
    ["gif", ".gif"],
    ["svg", ".svg"],
  ] as const) {
    const file = flags[flag];
    if (file !== undefined && !file.endsWith(ending)) {
      throw new UsageError(`--${flag} must end with ${ending}, got "${file}".`);
    }
  }
  const { environment, options, players, spec } = await openGame(given, flags, seed);
  const source = pictureSource(spec.id, options, environment);
  const filming = flags.gif !== undefined || flags.svg !== undefined;
  const isAsked = players.some(({ hasKeys, isHuman }) => isHuman && !hasKeys);
  if (source === null && (filming || process.stdout.isTTY || isAsked)) {
    throw new RunError(`${spec.id} cannot be shown: give the environment a render method.`);
  }
  const screen = process.stdout.isTTY && !isAsked ? new Screen() : null;
  const returns: number[] = [];
  for (let episode = 1; episode <= episodes; episode++) {
    const film: Shown[] = [];
    const show = async (observation: ArrayLike<number>, step: number) => {
      const filmed = filming && episode === 1 && step < FILM_STEPS;
      if (source === null || !(filmed || screen !== null || isAsked)) return;
      const shown = source(observation);
      if (filmed) film.push(shown);
      if (isAsked) console.log(frameText(shown, screenColumns()).join("\n"));
      await screen?.show(shown, step);
    };
    const policyBegins = players.length === 1 || episode % 2 === 1;
    if (isAsked && players.length === 2)
      console.log(policyBegins ? "The policy begins." : "You begin.");
    const played = await playEpisode(environment, {
      reset: episode === 1 ? { seed } : undefined,
      players,
      policyBegins,
      names: actionNames(spec),
      show,
    });
    if (played === null) {
      console.log("The input ended: the game is not finished.");
      return;
    }
    returns.push(played.return);
    if (episode === 1 && filming) {
      const title = `${spec.id}: an episode with a return of ${plain(played.return)}`;
      await save(film, title, flags);
    }
    const cut = played.ended ? "" : ", cut off at the step limit";
    const result = spec.players === 2 ? `${verdict(played.return)}, ` : "";
    console.log(
      `episode ${count(episode)}: ${result}return ${plain(played.return)}, ${count(played.steps)} steps${cut}`,
    );
  }
  if (spec.players === 2 && episodes > 1) {
    console.log(`The policy ${winRateText(winRates(returns))} against ${players[1]!.name}.`);
  }
}

interface Game {
  readonly spec: EnvironmentSpec;
  readonly environment: Environment;
  readonly options: EnvironmentOptions;
  readonly players: readonly Player[];
}

/** Opens the environment and its players: a policy, or a person if `given` is `human`; in a two-player game also the opponent. */
async function openGame(given: string, { against, env }: PlayFlags, seed: number): Promise<Game> {
  if (given === "human") {
    if (env === undefined) throw new UsageError("play human needs --env, the game to play.");
    const { environment, spec } = await openEnvironment(env);
    if (spec.players === 2 || against !== undefined) {
      const instead = "play <policy> --against human for a game of two players";
      throw new UsageError(`play human needs a game for one player: use ${instead}.`);
    }
    const player = keyPlayer(spec) ?? humanPlayer(spec);
    return { spec, environment, options: plainEnvironment, players: [player] };
  }
  const { policy } = await openPolicyFile(given, env);
  const { description, environment, network, spec } = policy;
  refuseUnlessTwoPlayers(against, spec);
  const players: Player[] = [{ ...policyPlayer("the policy", network), isHuman: false }];
  if (spec.players === 2) {
    players.push(await chooseOpponent({ against: against ?? "random", policy, env, seed }));
  }
  return { spec, environment, options: description.options, players };
}

const verdict = (value: number) =>
  value > 0 ? "the policy won" : value < 0 ? "the policy lost" : "drawn";

async function save(film: readonly Shown[], title: string, { gif, svg }: PlayFlags): Promise<void> {
  // Loaded only for animations, since it needs a package.
  const { filmGif, filmSvg } = await import("../plots/animation.ts");
  if (gif !== undefined) saveFile(gif, filmGif(film));
  if (svg !== undefined) saveFile(svg, filmSvg(film, title));
  for (const file of [gif, svg]) if (file !== undefined) console.log(file);
}

/** Draws episodes in the terminal at about 25 frames a second, each frame over the previous one. */
class Screen {
  #start = 0;
  /** Lines of the previous frame. */
  #drawn = 0;

  /** Draws every nth step, and waits until the next frame is due. */
  async show(shown: Shown, step: number): Promise<void> {
    const seconds = secondsPerStep(shown);
    const { every } = framePace(seconds);
    if (step === 0) this.#start = performance.now();
    if (step % every !== 0) return;
    const lines = frameText(shown, screenColumns());
    const up = step === 0 ? "" : `\u001b[${this.#drawn}A\u001b[J`;
    process.stdout.write(`${up}${lines.join("\n")}\n`);
    this.#drawn = lines.length;
    const due = this.#start + 1000 * (step + every) * seconds;
    const early = due - performance.now();
    // A person's first key can take long. The next frames must not hurry after it.
    if (early < 0) this.#start -= early;
    else await new Promise((resume) => setTimeout(resume, early));
  }
}
