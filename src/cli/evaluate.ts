import type { Command } from "commander";
import { evaluate } from "../dqn/evaluate.ts";
import { streamSeed, streams } from "../numerics/random.ts";
import { policyEnvironmentHelp } from "./environmentFlag.ts";
import { type EpisodesFlags, printReturns, readEpisodesFlags } from "./episodesFlags.ts";
import { openPolicyFile, policyArgument } from "./policyFile.ts";

interface EvaluateFlags extends EpisodesFlags {
  readonly env?: string;
}

export function addEvaluateCommand(program: Command): void {
  program
    .command("evaluate")
    .description("measure a saved policy: the mean return of greedy episodes")
    .argument(...policyArgument)
    .option("--episodes <number>", "number of episodes", "100")
    .option("--seed <number>", "seed of the environment", "1")
    .option("--env <id|module>", policyEnvironmentHelp)
    .option("--json", "print the result as one JSON object")
    .helpOption("-h, --help", "show this help")
    .action(async (given: string, flags: EvaluateFlags) => {
      const { episodes, seed } = readEpisodesFlags(flags);
      const { path, policy } = await openPolicyFile(given, flags.env);
      const environmentSeed = streamSeed(seed, streams.finalEvaluation);
      const options = { episodes, seed: environmentSeed };
      const evaluation = evaluate(policy.network, policy.environment, options);
      printReturns(path, policy.spec, evaluation, flags.json === true);
    });
}
