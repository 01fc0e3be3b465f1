import type { Config, ConfigKey } from "../../config/config.ts";
import { replay, rollouts, selfPlay, targetNetwork } from "../../config/parameters.ts";
import { ownOptions } from "../../environments/registry.ts";
import { tabOf } from "../tabs.ts";

/** Hyperparameters without an effect on PQN, which has neither a replay buffer nor a target network, and no frozen opponents. */
const dqnKeys: ReadonlySet<string> = new Set([
  ...Object.keys({ ...replay, ...targetNetwork, ...selfPlay }),
  "batchSize",
  "gradientSteps",
  "learningStarts",
  "trainFrequency",
  "trainFrequencyUnit",
]);

/** Why a hyperparameter has no effect on a run, as the end of a sentence; "" if it has one. */
export function inactiveReason(key: ConfigKey, config: Config): string {
  const unless = (active: boolean, reason: string) => (active ? "" : reason);
  if (config.algorithm === "pqn") {
    if (dqnKeys.has(key)) return "the algorithm is pqn";
  } else if (key in rollouts) return "the algorithm is dqn";
  const { env, optimizer } = config;
  const adam = optimizer === "adam" || optimizer === "radam";
  switch (key) {
    case "kernelSize":
    case "stride":
    case "padding":
      return unless(config.convFilters.length > 0, "there is no convolution");
    case "huberBeta":
      return unless(config.loss === "huber", "the loss is not huber");
    case "learningRateSteps":
      return unless(config.learningRateFinal !== null, "the learning rate is constant");
    case "beta1":
    case "beta2":
      return unless(adam, "the optimizer is not adam or radam");
    case "rmspropAlpha":
    case "rmspropCentered":
      return unless(optimizer === "rmsprop", "the optimizer is not rmsprop");
    case "optimizerEpsilon":
      return unless(optimizer !== "sgd", "the optimizer is sgd");
    case "momentum":
      return unless(!adam, `the optimizer is ${optimizer}`);
    case "priorityAlpha":
    case "priorityBeta":
    case "priorityBetaSteps":
    case "priorityEpsilon":
      return unless(config.prioritized, "prioritized is off");
    case "targetUpdateInterval":
    case "tau":
      return unless(config.targetUpdateUnit !== "none", "there is no target network");
    case "explorationFactor":
      return unless(
        config.explorationSchedule === "multiplicative",
        "the exploration schedule is not multiplicative",
      );
    case "explorationSteps":
      return unless(
        config.explorationSchedule !== "multiplicative",
        "the exploration schedule is multiplicative",
      );
    case "forceNoise":
    case "targetPosition":
      return unless(ownOptions(env).includes(key), `the environment is ${env}`);
    case "opponentPool":
    case "opponentInterval":
    case "opponentFraction":
      return unless(tabOf(env).players === 2, "this game has one player");
    case "solvedThreshold":
      return unless(config.solvedBy !== "none", "solved by is none");
    case "evalEpisodes":
      return unless(config.evalEvery !== null, "there are no evaluations");
    default:
      return "";
  }
}
