import type { Command } from "commander";
import { evaluationStepLimit } from "../dqn/evaluation.ts";
import { RunError, UsageError } from "../errors.ts";
import { saveFile } from "../files/saveFile.ts";
import { count, plain } from "../numberText.ts";
import { streamSeed, streams } from "../numerics/random.ts";
import { pictureSource, type Shown, secondsPerStep } from "../scenes/pictures.ts";
import { frameText } from "../terminal/frameText.ts";
import { policyEnvironmentHelp } from "./environmentFlag.ts";
import { openPolicyFile, policyArgument } from "./policyFile.ts";
import { wholeNumber } from "./wholeNumber.ts";

interface PlayFlags {
  readonly env?: string;
  readonly episodes: string;
  readonly seed: string;
  readonly gif?: string;
  readonly svg?: string;
}

/** Maximum length of an animation: one minute of CartPole. */
const FILM_STEPS = 3_000;

export function addPlayCommand(program: Command): void {
  program
    .command("play")
    .description("show a saved policy in the terminal at real speed, or write an animation")
    .argument(...policyArgument)
    .option("--env <id|module>", policyEnvironmentHelp)
    .option("--episodes <number>", "number of episodes", "1")
    .option("--seed <number>", "seed of the environment", "1")
    .option("--gif <file.gif>", "write the first episode as an animated GIF")
    .option("--svg <file.svg>", "write the first episode as an animated SVG")
    .helpOption("-h, --help", "show this help")
    .action(play);
}

async function play(given: string, flags: PlayFlags): Promise<void> {
  const episodes = wholeNumber("--episodes", flags.episodes, 1, 1_000);
  const seed = wholeNumber("--seed", flags.seed, 0, 2 ** 32 - 1);
  for (const [flag, ending] of [
    ["gif", ".gif"],
    ["svg", ".svg"],
  ] as const) {
    const file = flags[flag];
    if (file !== undefined && !file.endsWith(ending)) {
      throw new UsageError(`--${flag} must end with ${ending}, got "${file}".`);
    }
  }
  const { policy } = await openPolicyFile(given, flags.env);
  const { description, environment, network, spec } = policy;
  const source = pictureSource(spec.id, description.options, environment);
  const filming = flags.gif !== undefined || flags.svg !== undefined;
  if (source === null && (filming || process.stdout.isTTY)) {
    throw new RunError(`${spec.id} cannot be shown: give the environment a render method.`);
  }
  const screen = process.stdout.isTTY ? new Screen() : null;
  for (let episode = 1; episode <= episodes; episode++) {
    let observation = environment.reset(
      episode === 1 ? { seed: streamSeed(seed, streams.finalEvaluation) } : undefined,
    );
    const film: Shown[] = [];
    let episodeReturn = 0;
    let steps = 0;
    let ended = false;
    while (!ended && steps < evaluationStepLimit) {
      const filmed = filming && episode === 1 && steps < FILM_STEPS;
      if (source !== null && (filmed || screen !== null)) {
        const shown = source(observation);
        if (filmed) film.push(shown);
        await screen?.show(shown, steps);
      }
      for (let k = 0; k < observation.length; k++) network.observation[k] = observation[k]!;
      const result = environment.step(network.greedyAction());
      observation = result.observation;
      episodeReturn += result.reward;
      steps++;
      ended = result.terminated || result.truncated;
    }
    if (episode === 1 && filming) {
      const title = `${spec.id}: an episode with a return of ${plain(episodeReturn)}`;
      await save(film, title, flags);
    }
    const cut = ended ? "" : ", cut off at the step limit";
    console.log(
      `episode ${count(episode)}: return ${plain(episodeReturn)}, ${count(steps)} steps${cut}`,
    );
  }
}

async function save(film: readonly Shown[], title: string, { gif, svg }: PlayFlags): Promise<void> {
  // Loaded only for animations, since it needs a package.
  const { filmGif, filmSvg } = await import("../plots/animation.ts");
  if (gif !== undefined) saveFile(gif, filmGif(film));
  if (svg !== undefined) saveFile(svg, filmSvg(film, title));
  for (const file of [gif, svg]) if (file !== undefined) console.log(file);
}

/** Draws episodes in the terminal at about 25 frames a second, each frame over the previous one. */
class Screen {
  readonly #columns = Math.min(72, (process.stdout.columns || 80) - 1);
  #start = 0;
  /** Lines of the previous frame. */
  #drawn = 0;

  /** Draws every nth step, and waits until the next frame is due. */
  async show(shown: Shown, step: number): Promise<void> {
    const seconds = secondsPerStep(shown);
    const every = Math.max(1, Math.round(0.04 / seconds));
    if (step === 0) this.#start = performance.now();
    if (step % every !== 0) return;
    const lines = frameText(shown, this.#columns);
    const up = step === 0 ? "" : `\u001b[${this.#drawn}A\u001b[J`;
    process.stdout.write(`${up}${lines.join("\n")}\n`);
    this.#drawn = lines.length;
    const due = this.#start + 1000 * (step + every) * seconds;
    await new Promise((resume) => setTimeout(resume, Math.max(0, due - performance.now())));
  }
}
