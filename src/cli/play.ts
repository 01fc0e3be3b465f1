import type { Command } from "commander";
import { streamSeed, streams } from "../agent/random.ts";
import { RunError, UsageError } from "../errors.ts";
import { saveFile } from "../files/saveFile.ts";
import { openPolicy } from "../policy/policy.ts";
import type { Film } from "../reports/animation.ts";
import { frameText } from "../reports/frameText.ts";
import { type Stage, stageOf } from "../reports/stage.ts";
import { playEpisodes } from "../training/evaluation.ts";
import { wholeNumber } from "./episodesFlags.ts";
import { fastestBackend } from "./fastestBackend.ts";
import { readPolicyFile } from "./policyFile.ts";

interface PlayFlags {
  readonly episodes: string;
  readonly seed: string;
  readonly gif?: string;
  readonly svg?: string;
}

/** The longest animation: a minute of CartPole. */
const FILM_STEPS = 3_000;

export function addPlayCommand(program: Command): void {
  program
    .command("play")
    .description("watch a saved policy at real speed in the terminal, or as a picture that moves")
    .argument("<policy.safetensors>", "policy file of a run folder")
    .option("--episodes <number>", "episodes to play", "1")
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
  const stage = stageOf(spec.id, description.options);
  if (stage === null) throw new RunError(`${spec.id} has no picture to play in.`);
  const size = spec.observationSize / description.options.frameStack;
  const films: Film[] = [];
  const { returns } = playEpisodes(
    environment,
    { episodes, seed: streamSeed(seed, streams.finalEvaluation) },
    (observation) => {
      for (let k = 0; k < observation.length; k++) network.observation[k] = observation[k]!;
      films.at(-1)!.push(Float32Array.from(observation).slice(-size));
      return network.greedyAction();
    },
    () => films.push([]),
  );
  const film = films[0]!.slice(0, FILM_STEPS);
  const title = `${spec.id}: a return of ${returns[0]}`;
  // Loaded where it is needed: a training run starts without it.
  const { filmGif, filmSvg } = await import("../reports/animation.ts");
  if (flags.gif !== undefined) saveFile(flags.gif, filmGif(stage, film));
  if (flags.svg !== undefined) saveFile(flags.svg, filmSvg(stage, film, title));
  for (const file of [flags.gif, flags.svg]) if (file !== undefined) console.log(file);
  for (const [k, shown] of films.entries()) {
    if (process.stdout.isTTY) await show(stage, shown);
    console.log(`episode ${k + 1}: return ${returns[k]}, ${shown.length} steps`);
  }
}

/** Plays in the terminal, each frame over the one before it, about 25 a second of real time. */
async function show(stage: Stage, film: Film): Promise<void> {
  const columns = Math.min(72, (process.stdout.columns || 80) - 1);
  const every = Math.max(1, Math.round(0.04 / stage.secondsPerStep));
  const start = performance.now();
  for (let step = 0; step < film.length; step += every) {
    const lines = frameText(stage, film[step]!, columns);
    process.stdout.write(`${step === 0 ? "" : `\u001b[${lines.length}A`}${lines.join("\n")}\n`);
    const due = start + 1000 * (step + every) * stage.secondsPerStep;
    await new Promise((resume) => setTimeout(resume, Math.max(0, due - performance.now())));
  }
}
