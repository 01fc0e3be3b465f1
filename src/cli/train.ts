import { basename } from "node:path";
import type { Command } from "commander";
import { UsageError } from "../errors.ts";
import { fillTensors, readPolicy } from "../policy/policy.ts";
import { RunFolder } from "../reports/runFolder.ts";
import { type ResumeChanges, readCheckpoint, resumeTraining } from "../training/checkpoint.ts";
import type { TrainingObserver } from "../training/observer.ts";
import { Training } from "../training/training.ts";
import { addConfigFlags, configFromFlags, givenConfig } from "./configFlags.ts";
import { environmentOf, isModulePath } from "./environmentModule.ts";
import { wholeNumber } from "./episodesFlags.ts";
import { readPolicyFile } from "./policyFile.ts";
import { type Run, runToItsEnd } from "./runToItsEnd.ts";

interface TrainFlags {
  readonly recipe?: string;
  readonly config?: string;
  readonly initFrom?: string;
  readonly resume?: string;
  readonly checkpointEvery: string;
  readonly out: string;
  readonly onDivergence: string;
  readonly render?: true;
  readonly json?: true;
}

type Flags = TrainFlags & Readonly<Record<string, unknown>>;

export function addTrainCommand(program: Command): void {
  const command = program
    .command("train")
    .description("train an agent and leave a run folder with its policy")
    .option("--recipe <name>", "configuration to start from (default: solve)")
    .option(
      "--config <file>",
      "JSON file of configuration values that change the recipe's; an environment module that it names is run",
    )
    .option("--init-from <policy.safetensors>", "start from the weights of a saved policy")
    .option(
      "--resume <run>",
      "go on with a run: its folder, or its checkpoint file; an environment module that it names is run",
    )
    .option(
      "--checkpoint-every <number>",
      "steps from one checkpoint to the next, the first at the start; none for the one at the end alone",
      "100000",
    )
    .option("--out <folder>", "where run folders go", "runs")
    .option(
      "--on-divergence <stop|continue>",
      "what to do when weights explode or are no numbers",
      "stop",
    )
    .option("--render", "show the environment in the live view of a terminal")
    .option("--json", "print one JSON object on stdout, progress on stderr")
    .helpOption("-h, --help", "show this help")
    .action(train);
  addConfigFlags(command);
}

async function train(flags: Flags): Promise<void> {
  const { checkpointEvery: every, json = false, render = false } = flags;
  const checkpointEvery =
    every === "none" ? null : wholeNumber("--checkpoint-every", every, 1, 2 ** 32);
  if (flags.onDivergence !== "stop" && flags.onDivergence !== "continue") {
    throw new UsageError(`--on-divergence must be stop or continue, got "${flags.onDivergence}".`);
  }
  const continueDiverged = flags.onDivergence === "continue";
  const run = flags.resume === undefined ? await begin(flags) : await goOn(flags, flags.resume);
  if (run !== null) await runToItsEnd(run, { json, render, checkpointEvery, continueDiverged });
}

async function begin(flags: Flags): Promise<Run> {
  const { recipe, config } = configFromFlags(flags, flags.recipe, flags.config);
  if (flags.config !== undefined && flags.env === undefined) announce(flags.config, config.env);
  const environment = await environmentOf(config.env);
  const observer: TrainingObserver = {};
  const training = new Training(config, observer, environment);
  if (flags.initFrom !== undefined) initialize(training, flags.initFrom);
  const env = environment ? basename(config.env).replace(/\.\w+$/, "") : config.env;
  const { seed } = config;
  const folder = RunFolder.create({ out: flags.out, env, recipe, seed, time: new Date() });
  return { recipe, training, observer, folder, secondsBefore: 0 };
}

/** Says that a file, not the command line, names a module whose code is about to run. */
function announce(file: string, env: string): void {
  if (isModulePath(env)) console.error(`${file} names the environment module ${env}, which runs.`);
}

/** What may be said along with --resume. */
const changeable = ["totalSteps", "totalEpisodes", "backend"];

async function goOn(flags: Flags, path: string): Promise<Run | null> {
  const changes = givenConfig(flags);
  const others = ["recipe", "config", "initFrom"].filter((flag) => flags[flag] !== undefined);
  const fixed = [...others, ...Object.keys(changes)].find((key) => !changeable.includes(key));
  if (fixed !== undefined) {
    const allowed = changeable.join(", ");
    throw new UsageError(`${fixed} cannot change when a run goes on, only ${allowed} can.`);
  }
  const { bytes, file, folder } = RunFolder.reopen(path);
  const checkpoint = readCheckpoint(bytes, file);
  const { recipe, seconds: secondsBefore } = checkpoint;
  announce(file, checkpoint.config.env);
  const environment = await environmentOf(checkpoint.config.env);
  const observer: TrainingObserver = {};
  const training = resumeTraining(checkpoint, changes as ResumeChanges, observer, environment);
  if (training.finished) {
    const how =
      training.solved === true ? "it has met its criterion" : "ask for more --total-steps";
    console.error(`The run in ${folder.path} is finished at step ${training.steps}: ${how}.`);
    return null;
  }
  if (training.environmentState() === null && training.steps > 0) {
    console.error(`${checkpoint.config.env} cannot save its state: a new episode begins.`);
  }
  folder.rewind(training.state);
  return { recipe, training, observer, folder, secondsBefore };
}

/** Starts a run from a saved policy's weights. */
function initialize(training: Training, path: string): void {
  fillTensors(training.weights(), readPolicy(readPolicyFile(path), path).tensors, path);
  training.agent.copyToTarget();
}
