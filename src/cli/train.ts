import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Command } from "commander";
import { RunError } from "../errors.ts";
import { encodePolicy, fillTensors, readPolicy } from "../policy/policy.ts";
import { count, Progress } from "../reports/progress.ts";
import { RunFolder } from "../reports/runFolder.ts";
import { describeSummary, summarizeRun } from "../reports/summary.ts";
import { Training } from "../training/training.ts";
import { addConfigFlags, configFromFlags } from "./configFlags.ts";
import { environmentOf } from "./environmentModule.ts";

/** Steps between two looks at the clock: a fraction of a millisecond's to a few milliseconds' work. */
const STEPS_PER_SLICE = 128;
const LIVE_LINE_MILLISECONDS = 80;

interface TrainFlags {
  readonly recipe?: string;
  readonly config?: string;
  readonly initFrom?: string;
  readonly out: string;
  readonly json?: true;
}

export function addTrainCommand(program: Command): void {
  const command = program
    .command("train")
    .description("train an agent and leave a run folder with its policy")
    .option("--recipe <name>", "configuration to start from (default: solve)")
    .option("--config <file>", "JSON file of configuration values that change the recipe's")
    .option("--init-from <policy.safetensors>", "start from the weights of a saved policy")
    .option("--out <folder>", "where run folders go", "runs")
    .option("--json", "print one JSON object on stdout, progress on stderr")
    .helpOption("-h, --help", "show this help")
    .action(train);
  addConfigFlags(command);
}

async function train(flags: TrainFlags & Record<string, unknown>): Promise<void> {
  const { recipe, config } = configFromFlags(flags, flags.recipe, flags.config);
  const environment = await environmentOf(config.env);
  const progress = new Progress(flags.json === true ? process.stderr : process.stdout);
  let seconds = 0;
  let sliceStart = 0;

  const training = new Training(
    config,
    {
      episode(record) {
        folder.addEpisode(record, seconds + (performance.now() - sliceStart) / 1000);
        const position = config.logFirst ? record.episode - 1 : record.episode;
        if (position % config.logInterval === 0) {
          progress.episode(record, training.meanReturn100() ?? 0);
        }
      },
      longest() {
        folder.write("longest.safetensors", policyBytes(training));
      },
    },
    environment,
  );
  if (flags.initFrom !== undefined) initialize(training, flags.initFrom);
  const folderEnv = environment ? basename(config.env).replace(/\.\w+$/, "") : config.env;
  const folder = new RunFolder(flags.out, folderEnv, recipe, config.seed, new Date());
  folder.write("config.json", `${JSON.stringify({ recipe, ...config }, null, 2)}\n`);

  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
  };
  process.once("SIGINT", interrupt);
  try {
    while (!training.finished && !interrupted) {
      sliceStart = performance.now();
      do training.advance(STEPS_PER_SLICE);
      while (!training.finished && performance.now() - sliceStart < LIVE_LINE_MILLISECONDS);
      seconds += (performance.now() - sliceStart) / 1000;
      folder.flush();
      progress.update({
        steps: training.steps,
        episodes: training.episodes,
        meanReturn100: training.meanReturn100(),
        epsilon: training.epsilon(),
        seconds,
        share: training.share(),
      });
      await new Promise((resume) => setImmediate(resume));
    }
  } finally {
    process.removeListener("SIGINT", interrupt);
    progress.finish();
    folder.flush();
  }

  folder.write("policy.safetensors", policyBytes(training));
  if (interrupted) {
    progress.line(`Interrupted at step ${count(training.steps)}; the policy is in ${folder.path}.`);
    process.exitCode = 130;
    return;
  }
  const summary = await summarizeRun(training, recipe, seconds, folder.path);
  if (flags.json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else for (const line of describeSummary(summary)) progress.line(line);
}

function policyBytes(training: Training): Uint8Array {
  return encodePolicy(training.describe(), training.weights());
}

/** Starts a run from a saved policy's weights. */
function initialize(training: Training, path: string): void {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new RunError(`The policy file ${path} cannot be read.`);
  }
  fillTensors(training.weights(), readPolicy(bytes, path).tensors, path);
  training.agent.copyToTarget();
}
