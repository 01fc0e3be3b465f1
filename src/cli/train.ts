import type { Command } from "commander";
import { encodePolicy, weightsSha256 } from "../policy/policy.ts";
import { count, Progress } from "../reports/progress.ts";
import { RunFolder } from "../reports/runFolder.ts";
import { summarize } from "../training/evaluation.ts";
import { Training } from "../training/training.ts";
import { addConfigFlags, configFromFlags } from "./configFlags.ts";

/** Steps between two looks at the clock: a fraction of a millisecond's to a few milliseconds' work. */
const STEPS_PER_SLICE = 128;
const LIVE_LINE_MILLISECONDS = 80;

interface TrainFlags {
  readonly recipe?: string;
  readonly config?: string;
  readonly out: string;
  readonly json?: true;
}

export function addTrainCommand(program: Command): void {
  const command = program
    .command("train")
    .description("train an agent and leave a run folder with its policy")
    .option("--recipe <name>", "configuration to start from (default: solve)")
    .option("--config <file>", "JSON file of configuration values that change the recipe's")
    .option("--out <folder>", "where run folders go", "runs")
    .option("--json", "print one JSON object on stdout, progress on stderr")
    .helpOption("-h, --help", "show this help")
    .action(train);
  addConfigFlags(command);
}

async function train(flags: TrainFlags & Record<string, unknown>): Promise<void> {
  const { recipe, config } = configFromFlags(flags, flags.recipe, flags.config);
  const json = flags.json === true;
  const progress = new Progress(json ? process.stderr : process.stdout);
  let seconds = 0;
  let sliceStart = 0;

  const training = new Training(config, {
    episode(record) {
      folder.addEpisode(record, seconds + (performance.now() - sliceStart) / 1000);
      if ((record.episode - 1) % config.logInterval === 0) {
        progress.episode(record, training.meanReturn100() ?? 0);
      }
    },
  });
  const folder = new RunFolder(flags.out, config.env, recipe, config.seed, new Date());
  folder.write("config.json", `${JSON.stringify({ recipe, ...config }, null, 2)}\n`);

  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
  };
  process.once("SIGINT", interrupt);

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
  process.removeListener("SIGINT", interrupt);
  progress.finish();
  folder.flush();

  const tensors = training.weights();
  folder.write("policy.safetensors", encodePolicy(training.describe(), tensors));
  if (interrupted) {
    progress.line(`Interrupted at step ${count(training.steps)}; the policy is in ${folder.path}.`);
    process.exitCode = 130;
    return;
  }
  const evaluation = training.finalEvaluation();
  const summary = {
    env: config.env,
    recipe,
    seed: config.seed,
    backend: config.backend,
    solved: training.solved,
    steps: training.steps,
    episodes: training.episodes,
    updates: training.agent.updates,
    seconds,
    stepsPerSecond: training.steps / seconds,
    meanReturn100: training.meanReturn100(),
    evaluation: {
      episodes: evaluation.returns.length,
      meanReturn: summarize(evaluation.returns).mean,
    },
    weightsSha256: await weightsSha256(tensors),
    runDirectory: folder.path,
  };
  if (json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else for (const line of describe(summary)) progress.line(line);
}

interface Summary {
  readonly env: string;
  readonly recipe: string;
  readonly seed: number;
  readonly backend: string;
  readonly solved: boolean | null;
  readonly steps: number;
  readonly episodes: number;
  readonly updates: number;
  readonly seconds: number;
  readonly stepsPerSecond: number;
  readonly meanReturn100: number | null;
  readonly evaluation: { readonly episodes: number; readonly meanReturn: number };
  readonly weightsSha256: string;
  readonly runDirectory: string;
}

function describe(summary: Summary): string[] {
  const verdict =
    summary.solved === null ? "Finished" : summary.solved ? "Solved" : "Stopped, not solved";
  const time =
    summary.seconds < 1
      ? `${(1000 * summary.seconds).toFixed(0)} ms`
      : `${summary.seconds.toFixed(2)} s`;
  const mean =
    summary.meanReturn100 === null ? "no episode ended" : summary.meanReturn100.toFixed(1);
  return [
    "",
    `${verdict}: ${summary.env}, recipe ${summary.recipe}, seed ${summary.seed}, ${summary.backend} kernels`,
    `  ${count(summary.steps)} steps, ${count(summary.episodes)} episodes and ${count(summary.updates)} updates in ${time} (${count(summary.stepsPerSecond)} steps/s)`,
    `  mean return of the last 100 training episodes: ${mean}`,
    `  mean return of ${summary.evaluation.episodes} greedy episodes: ${summary.evaluation.meanReturn.toFixed(1)}`,
    `  weights ${summary.weightsSha256}`,
    `  ${summary.runDirectory}`,
  ];
}
