import type { Command } from "commander";
import { evaluate } from "../dqn/evaluate.ts";
import { UsageError } from "../errors.ts";
import { streamSeed, streams } from "../numerics/random.ts";
import { policyEnvironmentHelp } from "./environmentFlag.ts";
import { type EpisodesFlags, printReturns, readEpisodesFlags } from "./episodesFlags.ts";
import { automaticOpponent, refuseUnlessTwoPlayers } from "./opponent.ts";
import { openPolicyFile, policyArgument } from "./policyFile.ts";

interface EvaluateFlags extends EpisodesFlags {
  readonly env?: string;
  readonly against?: string;
}

export function addEvaluateCommand(program: Command): void {
  program
    .command("evaluate")
    .description("measure a saved policy: the mean return of greedy episodes")
    .argument(...policyArgument)
    .option("--episodes <number>", "number of episodes", "100")
    .option("--seed <number>", "seed of the environment", "1")
    .option("--env <id|module>", policyEnvironmentHelp)
    .option(
      "--against <policy|random>",
      "opponent in a game for two players: policy is the same policy; also the path of another policy (default: random)",
    )
    .option("--json", "print the result as one JSON object")
    .helpOption("-h, --help", "show this help")
    .action(async (given: string, flags: EvaluateFlags) => {
      const { episodes, seed } = readEpisodesFlags(flags);
      const { against = "random", env } = flags;
      if (against === "human") {
        throw new UsageError("evaluate plays without you: for --against human, use play.");
      }
      const { path, policy } = await openPolicyFile(given, env);
      refuseUnlessTwoPlayers(flags.against, policy.spec);
      const environmentSeed = streamSeed(seed, streams.finalEvaluation);
      const { choose: opponent, name } = await automaticOpponent({
        ...{ against, env, policy, seed: environmentSeed },
      });
      const options = { episodes, seed: environmentSeed, opponent };
      const evaluation = evaluate(policy.network, policy.environment, options);
      printReturns(path, policy.spec, evaluation, flags.json === true, name);
    });
}
