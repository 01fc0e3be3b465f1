import type { ChooseAction } from "../environments/againstOpponent.ts";
import type { Environment } from "../environments/environment.ts";
import { refuseUnless } from "../errors.ts";
import type { ActingNetwork } from "../network/actingNetwork.ts";
import { type Evaluation, type EvaluationOptions, playOneByOne, playToEnd } from "./evaluation.ts";
import { canPlayInLockstep, playInLockstep } from "./lockstep.ts";

/**
 * Plays greedy episodes, without exploration or learning.
 * @throws UsageError unless `options.episodes` is a whole number of at least 1
 */
export function evaluate(
  policy: ActingNetwork,
  environment: Environment,
  options: EvaluationOptions,
): Evaluation {
  refuseUnless(policy?.qValues?.length > 0, "policy", "a Policy's network", policy);
  refuseUnless(
    typeof environment?.step === "function",
    "environment",
    "an Environment",
    environment,
  );
  const episodes = options?.episodes;
  const fits = Number.isInteger(episodes) && episodes > 0;
  refuseUnless(fits, "episodes", "a whole number of at least 1", episodes);
  return playToEnd(playGreedily(policy, environment, options));
}

/** Plays greedy episodes, in lockstep if the network and the environment can. Yields before each piece of work. */
export function playGreedily(
  policy: ActingNetwork,
  environment: Environment,
  options: EvaluationOptions,
): Generator<undefined, Evaluation> {
  if (canPlayInLockstep(policy, environment)) return playInLockstep(policy, environment, options);
  return playOneByOne(environment, options, greedyActions(policy));
}

/** Returns a function that chooses the policy's greedy actions. */
export function greedyActions(policy: ActingNetwork): ChooseAction {
  return (observation, legal) => {
    for (let k = 0; k < observation.length; k++) policy.observation[k] = observation[k]!;
    return policy.greedyAction(legal);
  };
}
