import { basename } from "node:path";
import type { Command } from "commander";
import type { Config } from "../config/config.ts";
import { type ResumeChanges, refuseFixed } from "../config/resumeChanges.ts";
import type { TrainingObserver } from "../dqn/observer.ts";
import { Training } from "../dqn/training.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { UsageError } from "../errors.ts";
import { readCheckpoint, resumeTraining } from "../formats/checkpoint.ts";
import { fillTensors, readPolicy } from "../formats/policy.ts";
import { RunFolder } from "../runs/runFolder.ts";
import type { Run } from "../runs/trainRun.ts";
import { runToItsEnd } from "../runs/trainRun.ts";
import { addConfigFlags, configFromFlags, givenConfig } from "./configFlags.ts";
import { environmentOf, isModulePath } from "./environmentModule.ts";
import { wholeNumber } from "./episodesFlags.ts";
import { readPolicyFile } from "./policyFile.ts";

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
      "continue a run in its folder, or a checkpoint file from elsewhere in a new folder; runs the environment module that it names",
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
  const folder = newFolder(flags, recipe, config, environment);
  return { recipe, training, observer, folder, secondsBefore: 0 };
}

function newFolder(
  { out }: Flags,
  recipe: string,
  config: Config,
  environment: EnvironmentSpec | undefined,
): RunFolder {
  const env = environment ? basename(config.env).replace(/\.\w+$/, "") : config.env;
  return RunFolder.create({ out, env, recipe, seed: config.seed, time: new Date() });
}

/** Says that a file, not the command line, names a module whose code is about to run. */
function announce(file: string, env: string): void {
  if (isModulePath(env)) console.error(`${file} names the environment module ${env}, which runs.`);
}

async function goOn(flags: Flags, path: string): Promise<Run | null> {
  const changes = givenConfig(flags);
  const others = ["recipe", "config", "initFrom"].filter((flag) => flags[flag] !== undefined);
  refuseFixed([...others, ...Object.keys(changes)]);
  const { bytes, file, folder: ownFolder } = RunFolder.reopen(path);
  const checkpoint = readCheckpoint(bytes, file);
  const { recipe, seconds: secondsBefore } = checkpoint;
  announce(file, checkpoint.config.env);
  const environment = await environmentOf(checkpoint.config.env);
  const observer: TrainingObserver = {};
  const training = resumeTraining(checkpoint, changes as ResumeChanges, observer, environment);
  if (training.finished) {
    const how =
      training.solved === true ? "it has met its criterion" : "ask for more --total-steps";
    const run = ownFolder === null ? `of ${file}` : `in ${ownFolder.path}`;
    console.error(`The run ${run} is finished at step ${training.steps}: ${how}.`);
    return null;
  }
  if (training.environmentState() === null && training.steps > 0) {
    console.error(`${checkpoint.config.env} cannot save its state: a new episode begins.`);
  }
  // From here on files are changed: the checkpoint has been read and validated.
  ownFolder?.rewind(training.state);
  const folder = ownFolder ?? newFolder(flags, recipe, training.config, environment);
  return { recipe, training, observer, folder, secondsBefore };
}

/** Starts a run from a saved policy's weights. */
function initialize(training: Training, path: string): void {
  fillTensors(training.weights(), readPolicy(readPolicyFile(path), path).tensors, path);
  training.agent.copyToTarget();
}
