import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { chosenConfig } from "../config/chosenConfig.ts";
import type { Config } from "../config/config.ts";
import { recipeConfig } from "../config/recipes.ts";
import { type ResumeChanges, refuseFixed } from "../config/resumeChanges.ts";
import type { TrainingObserver } from "../dqn/observer.ts";
import { Training } from "../dqn/training.ts";
import { isModulePath } from "../environments/environmentModule.ts";
import { isBuiltIn } from "../environments/registry.ts";
import { oneLine, RunError, UsageError } from "../errors.ts";
import { readCheckpoint, resumeTraining } from "../formats/checkpoint.ts";
import { readPolicy } from "../formats/policy.ts";
import { fillTensors } from "../formats/policyNetwork.ts";
import { RunFolder } from "../runs/runFolder.ts";
import { type Run, trainAndRecord } from "../runs/trainAndRecord.ts";
import { pictureSource } from "../scenes/pictures.ts";
import { setStoppable, stopRequested } from "./commandState.ts";
import { addConfigFlags, changesFromFlags, givenConfig } from "./configFlags.ts";
import { environmentOf, gameOf, warnIfChanged } from "./environmentFlag.ts";
import { setExitContext } from "./exitContext.ts";
import { policyPath, readPolicyFile } from "./policyFile.ts";
import { wholeNumber } from "./wholeNumber.ts";

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
    .description("train an agent; write a run folder with its policy and logs")
    .option("--recipe <name>", "named configuration to start from (default: solve)")
    .option(
      "--config <file>",
      "JSON file of values that replace those of the recipe; it may name an environment module, whose code runs",
    )
    .option("--init-from <policy>", "start from the weights of a saved policy, or of a run folder")
    .option(
      "--resume <run>",
      "run folder to continue in, or checkpoint file to continue from in a new folder; a run folder may name an environment module, whose code runs, unless --env does",
    )
    .option(
      "--checkpoint-every <number>",
      "steps between checkpoints, the first at the start; none for a single one at the end",
      "100000",
    )
    .option("--out <folder>", "folder for new run folders", "runs")
    .option(
      "--on-divergence <stop|continue>",
      "reaction if the weights explode or become NaN",
      "stop",
    )
    .option("--render", "draw the environment in the terminal's live view")
    .option("--json", "print the summary as one JSON object on stdout, progress on stderr")
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
  const run = flags.resume === undefined ? await start(flags) : await resume(flags, flags.resume);
  if (run === null) return;
  const control = { stopRequested, setStoppable, setExitContext };
  await trainAndRecord(run, { control, json, render, checkpointEvery, continueDiverged });
}

async function start(flags: Flags): Promise<Run> {
  const { recipe, changes } = changesFromFlags(flags, flags.recipe, flags.config);
  const env = changes.env ?? recipeConfig(recipe).env;
  if (flags.config !== undefined && flags.env === undefined) announceModule(flags.config, env);
  const environment = await environmentOf(env);
  const config = chosenConfig(recipe, changes, environment);
  if (flags.solvedThreshold !== undefined && config.solvedBy === "none") {
    throw new UsageError(
      "--solved-threshold needs --solved-by evaluation, runningScore or meanReturn.",
    );
  }
  const observer: TrainingObserver = {};
  const training = new Training(config, observer, environment);
  if (flags.render) refuseWithoutPicture(training);
  if (flags.initFrom !== undefined) initialize(training, flags.initFrom);
  const folder = newFolder(flags, recipe, training.config);
  return { recipe, training, observer, folder, module: pathOf(env), secondsBefore: 0 };
}

function newFolder({ out }: Flags, recipe: string, { env, seed }: Config): RunFolder {
  return RunFolder.create({ out, env, recipe, seed, time: new Date() });
}

/** Absolute path of a module; null for the id of a built-in environment. */
const pathOf = (env: string | undefined) =>
  env !== undefined && isModulePath(env) ? resolve(env) : null;

/** Prints that a file, not the command line, names a module whose code runs. */
function announceModule(file: string, env: string): void {
  if (isModulePath(env))
    console.error(`Running the environment module ${env}, which ${file} names.`);
}

async function resume(flags: Flags, path: string): Promise<Run | null> {
  const { env: given, ...changes } = givenConfig(flags);
  const others = ["recipe", "config", "initFrom"].filter((flag) => flags[flag] !== undefined);
  refuseFixed([...others, ...Object.keys(changes)]);
  const { bytes, file, folder: ownFolder, module: known } = RunFolder.reopen(path);
  const checkpoint = readCheckpoint(bytes, file);
  const { recipe, seconds: secondsBefore } = checkpoint;
  const { id } = checkpoint.environment;
  const env = given ?? (isBuiltIn(id) ? id : (known ?? undefined));
  if (given === undefined && known !== null && env === known) {
    if (!existsSync(known)) {
      throw new RunError(`The module ${known} of ${path} is gone: give its new path with --env.`);
    }
    announceModule(join(ownFolder?.path ?? path, "run.json"), env);
  }
  const environment =
    env === undefined ? await gameOf(checkpoint.environment) : await environmentOf(env);
  if (environment === undefined && env !== undefined && env !== id) refuseFixed(["env"]);
  const observer: TrainingObserver = {};
  const training = resumeTraining(checkpoint, changes as ResumeChanges, observer, environment);
  if (flags.render) refuseWithoutPicture(training);
  warnIfChanged(file, checkpoint.environment, environment);
  if (training.finished) {
    const how = training.solved === true ? "it is solved" : "use a larger --total-steps";
    const run = ownFolder === null ? `of ${file}` : `in ${ownFolder.path}`;
    console.error(`The run ${run} is finished at step ${training.steps}: ${how}.`);
    return null;
  }
  if (training.environmentStates() === null && training.steps > 0) {
    console.error(`${id} cannot save its state, so a new episode begins.`);
  }
  // Changes files, so it comes after all validation.
  ownFolder?.rewind(training.state);
  const folder = ownFolder ?? newFolder(flags, recipe, training.config);
  return { recipe, training, observer, folder, module: pathOf(env), secondsBefore };
}

/** @throws RunError if --render has nothing to show */
function refuseWithoutPicture({ config, environment }: Training): void {
  if (pictureSource(config.env, config, environment) !== null) return;
  throw new RunError(`--render cannot show ${config.env}: give the environment a render method.`);
}

/** Replaces the initial weights by those of a saved policy. */
function initialize(training: Training, given: string): void {
  const path = policyPath(given);
  const { description, tensors } = readPolicy(readPolicyFile(path), path);
  fillTensors(training.weights(), tensors, path);
  const { id } = training.spec;
  if (description.env !== id && description.env !== "") {
    const trained = oneLine(description.env);
    console.error(`The weights of ${path} were trained in ${trained}, and this run is in ${id}.`);
  }
  training.agent.copyToTarget();
  training.dependsOn = "the policy of --init-from";
}
