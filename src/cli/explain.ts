import type { Command } from "commander";
import { chosenConfig } from "../config/chosenConfig.ts";
import type { Config } from "../config/config.ts";
import { recipeConfig } from "../config/recipes.ts";
import type { TrainingPlan } from "../dqn/memoryPlan.ts";
import { planRun } from "../dqn/runPlan.ts";
import { count } from "../numberText.ts";
import { addConfigFlags, changesFromFlags } from "./configFlags.ts";
import { environmentOf } from "./environmentFlag.ts";
import { multiplyAdds, programLines } from "./programText.ts";
import { nameRegions, type RegionNames } from "./regionNames.ts";

type Flags = { readonly recipe?: string } & Readonly<Record<string, unknown>>;

export function addExplainCommand(program: Command): void {
  const command = program
    .command("explain")
    .description("print the kernel calls of a training step, with their arrays and shapes")
    .option("--recipe <name>", "named configuration to start from (default: solve)")
    .helpOption("-h, --help", "show this help")
    .action(explain);
  addConfigFlags(command);
}

/** The kernel that PQN calls between two programs. */
function rolloutLines(
  { numEnvs, numSteps, qLambda }: Config,
  plan: TrainingPlan,
  { parts }: RegionNames,
) {
  const { greedyValues, rolloutSteps } = plan.state;
  const steps = parts.get(rolloutSteps.offset);
  return [
    `Before the updates of a rollout of ${count(numEnvs * numSteps)} steps:`,
    `1 qLambdaTargets: ${steps} <- ${steps}, ${parts.get(greedyValues.offset)}; lambda ${qLambda}`,
    "",
  ];
}

async function explain(flags: Flags): Promise<void> {
  const { recipe, changes } = changesFromFlags(flags, flags.recipe, undefined);
  const environment = await environmentOf(changes.env ?? recipeConfig(recipe).env);
  const config = chosenConfig(recipe, changes, environment);
  const { plan } = planRun(config, environment);
  const { acting } = plan.scratch;
  const names = nameRegions(plan);
  const times = config.updatePerTransition ? ", once for each sampled transition" : "";
  const lines = [
    `A training step of ${recipe} in ${config.env}: kernel: outputs <- inputs; scalars`,
    "",
    "Act greedily on one observation:",
    ...programLines(acting.forwards[0]!.forward, names),
    "",
    ...(config.algorithm === "pqn" ? rolloutLines(config, plan, names) : []),
    `Update with a batch of ${plan.batch} columns${times}:`,
    ...programLines(plan.update, names),
    "",
    `${count(multiplyAdds(plan.update))} multiply-adds in the matrix products of the update. ` +
      `Program of ${count(plan.update.bytes)} bytes in a memory of ${count(plan.bytes)} bytes.`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
