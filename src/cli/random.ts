import type { Command } from "commander";
import { playEpisodes } from "../dqn/evaluation.ts";
import { randomActions } from "../environments/againstOpponent.ts";
import { streamSeed, streams } from "../numerics/random.ts";
import { type EpisodesFlags, printReturns, readEpisodesFlags } from "./episodesFlags.ts";
import { openEnvironment } from "./openEnvironment.ts";

interface RandomFlags extends EpisodesFlags {
  readonly env: string;
}

export function addRandomCommand(program: Command): void {
  program
    .command("random")
    .description("measure random play: the mean return that training should exceed")
    .option(
      "--env <id|module>",
      "id of a built-in environment or a game, or path of your environment's module",
      "CartPole-v1",
    )
    .option("--episodes <number>", "number of episodes", "100")
    .option("--seed <number>", "seed of the environment and the actions", "1")
    .option("--json", "print the result as one JSON object")
    .helpOption("-h, --help", "show this help")
    .action(async (flags: RandomFlags) => {
      const { episodes, seed } = readEpisodesFlags(flags);
      const { environment, spec } = await openEnvironment(flags.env);
      const evaluation = playEpisodes(
        environment,
        { episodes, seed: streamSeed(seed, streams.environment) },
        randomActions(environment.actionCount, seed),
      );
      printReturns("Random actions", spec, evaluation, flags.json === true);
    });
}
