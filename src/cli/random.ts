import type { Command } from "commander";
import { RandomStream, streamSeed, streams } from "../agent/random.ts";
import { makeEnvironment } from "../environments/registry.ts";
import { playEpisodes } from "../training/evaluation.ts";
import { type EpisodesFlags, printReturns, readEpisodesFlags } from "./episodesFlags.ts";

interface RandomFlags extends EpisodesFlags {
  readonly env: string;
}

export function addRandomCommand(program: Command): void {
  program
    .command("random")
    .description("play episodes with uniformly random actions: the score to beat")
    .option("--env <id>", "environment", "CartPole-v1")
    .option("--episodes <number>", "episodes to play", "100")
    .option("--seed <number>", "seed of the environment and the actions", "1")
    .option("--json", "print one JSON object")
    .helpOption("-h, --help", "show this help")
    .action((flags: RandomFlags) => {
      const { episodes, seed } = readEpisodesFlags(flags);
      const environment = makeEnvironment(flags.env);
      const actions = new RandomStream(new Uint32Array(4)).seed(
        streamSeed(seed, streams.exploration),
      );
      const evaluation = playEpisodes(
        environment,
        { episodes, seed: streamSeed(seed, streams.environment) },
        () => actions.nextBelow(environment.actionCount),
      );
      printReturns(`Random actions in ${flags.env}`, evaluation, flags.json === true);
    });
}
