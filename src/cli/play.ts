import type { Command } from "commander";
import { evaluationStepLimit } from "../dqn/evaluation.ts";
import { RunError, UsageError } from "../errors.ts";
import { saveFile } from "../files/saveFile.ts";
import { openPolicy } from "../formats/policy.ts";
import { count, plain } from "../numberText.ts";
import { streamSeed, streams } from "../numerics/random.ts";
import type { Film } from "../plots/animation.ts";
import type { Scene } from "../scenes/scene.ts";
import { viewOf } from "../scenes/views.ts";
import { frameText } from "../terminal/frameText.ts";
import { fastestBackend } from "./fastestBackend.ts";
import { readPolicyFile } from "./policyFile.ts";
import { wholeNumber } from "./wholeNumber.ts";

interface PlayFlags {
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
    .argument("<policy.safetensors>", "policy file, such as policy.safetensors of a run folder")
    .option("--episodes <number>", "number of episodes", "1")
    .option("--seed <number>", "seed of the environment", "1")
    .option("--gif <file.gif>", "write the first episode as an animated GIF")
    .option("--svg <file.svg>", "write the first episode as an animated SVG")
    .helpOption("-h, --help", "show this help")
    .action(play);
}

async function play(path: string, flags: PlayFlags): Promise<void> {
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
  const { description, environment, network, spec } = openPolicy(readPolicyFile(path), path, {
    backend: fastestBackend(),
  });
  const scene = viewOf(spec.id)?.scene(description.options);
  if (scene === undefined)
    throw new RunError(`${spec.id} cannot be shown: play draws only built-in environments.`);
  const newest = spec.observationSize / description.options.frameStack;
  const screen = process.stdout.isTTY ? new Screen(scene) : null;
  const filming = flags.gif !== undefined || flags.svg !== undefined;
  for (let episode = 1; episode <= episodes; episode++) {
    let observation = environment.reset(
      episode === 1 ? { seed: streamSeed(seed, streams.finalEvaluation) } : undefined,
    );
    const film: Film = [];
    let episodeReturn = 0;
    let steps = 0;
    let ended = false;
    while (!ended && steps < evaluationStepLimit) {
      const filmed = filming && episode === 1 && steps < FILM_STEPS;
      if (filmed || screen !== null) {
        const frame = Array.from(observation).slice(-newest);
        if (filmed) film.push(frame);
        await screen?.show(frame, steps);
      }
      for (let k = 0; k < observation.length; k++) network.observation[k] = observation[k]!;
      const result = environment.step(network.greedyAction());
      observation = result.observation;
      episodeReturn += result.reward;
      steps++;
      ended = result.terminated || result.truncated;
    }
    if (episode === 1 && filming)
      await save(
        scene,
        film,
        `${spec.id}: an episode with a return of ${plain(episodeReturn)}`,
        flags,
      );
    const cut = ended ? "" : ", cut off at the step limit";
    console.log(
      `episode ${count(episode)}: return ${plain(episodeReturn)}, ${count(steps)} steps${cut}`,
    );
  }
}

async function save(
  scene: Scene,
  film: Film,
  title: string,
  { gif, svg }: PlayFlags,
): Promise<void> {
  // Loaded only for animations, since it needs a package.
  const { filmGif, filmSvg } = await import("../plots/animation.ts");
  if (gif !== undefined) saveFile(gif, filmGif(scene, film));
  if (svg !== undefined) saveFile(svg, filmSvg(scene, film, title));
  for (const file of [gif, svg]) if (file !== undefined) console.log(file);
}

/** Draws episodes in the terminal at about 25 frames a second, each frame over the previous one. */
class Screen {
  readonly #scene: Scene;
  readonly #every: number;
  readonly #columns = Math.min(72, (process.stdout.columns || 80) - 1);
  #start = 0;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#every = Math.max(1, Math.round(0.04 / scene.secondsPerStep));
  }

  /** Draws every nth step, and waits until the next frame is due. */
  async show(observation: ArrayLike<number>, step: number): Promise<void> {
    if (step === 0) this.#start = performance.now();
    if (step % this.#every !== 0) return;
    const lines = frameText(this.#scene, observation, this.#columns);
    process.stdout.write(`${step === 0 ? "" : `\u001b[${lines.length}A`}${lines.join("\n")}\n`);
    const due = this.#start + 1000 * (step + this.#every) * this.#scene.secondsPerStep;
    await new Promise((resume) => setTimeout(resume, Math.max(0, due - performance.now())));
  }
}
