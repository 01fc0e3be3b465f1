import type { Command } from "commander";
import { evaluate } from "../dqn/evaluation.ts";
import type { EnvironmentId } from "../environments/registry.ts";
import { openPolicy } from "../formats/policy.ts";
import { streamSeed, streams } from "../numerics/random.ts";
import { environmentOf } from "./environmentModule.ts";
import { type EpisodesFlags, printReturns, readEpisodesFlags } from "./episodesFlags.ts";
import { fastestBackend } from "./fastestBackend.ts";
import { readPolicyFile } from "./policyFile.ts";

interface EvaluateFlags extends EpisodesFlags {
  readonly env?: string;
}

export function addEvaluateCommand(program: Command): void {
  program
    .command("evaluate")
    .description("play greedy episodes with a saved policy")
    .argument("<policy.safetensors>", "policy file of a run folder")
    .option("--episodes <number>", "episodes to play", "100")
    .option("--seed <number>", "seed of the environment", "1")
    .option("--env <id>", "another environment than the policy's own, or a module's path")
    .option("--json", "print one JSON object")
    .helpOption("-h, --help", "show this help")
    .action(async (path: string, flags: EvaluateFlags) => {
      const { episodes, seed } = readEpisodesFlags(flags);
      // openPolicy rejects an unknown id.
      const id = flags.env as EnvironmentId | undefined;
      const env = id === undefined ? id : ((await environmentOf(id)) ?? id);
      const backend = fastestBackend();
      const options = env === undefined ? { backend } : { backend, env };
      const { environment, network, spec } = openPolicy(readPolicyFile(path), path, options);
      const environmentSeed = streamSeed(seed, streams.finalEvaluation);
      const evaluation = evaluate(network, environment, { episodes, seed: environmentSeed });
      printReturns(`${path} in ${spec.id}`, evaluation, flags.json === true);
    });
}
