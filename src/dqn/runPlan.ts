import type { Config } from "../config/config.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { environmentSpec, wrapCustom } from "../environments/registry.ts";
import { UsageError } from "../errors.ts";
import type { NetworkShape } from "../network/networkShape.ts";
import { planTraining, type TrainingPlan } from "./memoryPlan.ts";

/** What a run is made of, before any memory is. */
export interface RunPlan {
  readonly spec: EnvironmentSpec;
  readonly shape: NetworkShape;
  readonly plan: TrainingPlan;
}

/**
 * The environment, network and memory plan of a configuration.
 * @param environment the environment before frames are stacked or noise added, where it is not the built-in one that
 *   `config.env` names
 * @throws UsageError if the environment is unknown or has no such action or option
 */
export function planRun(config: Config, environment?: EnvironmentSpec): RunPlan {
  const spec = environment ? wrapCustom(environment, config) : environmentSpec(config.env, config);
  const shape: NetworkShape = {
    observationSize: spec.observationSize,
    hiddenSizes: config.hiddenSizes,
    activation: config.activation,
    outputActivation: config.outputActivation,
    batchNorm: config.batchNorm,
    dueling: config.dueling,
    actionCount: spec.actionCount,
  };
  if (config.explorationAction !== null && config.explorationAction >= spec.actionCount) {
    throw new UsageError(
      `explorationAction must be less than the ${spec.actionCount} actions of ${spec.id}, got ${config.explorationAction}.`,
    );
  }
  const plan = planTraining({ ...config, shape, environmentBytes: spec.bytes });
  return { spec, shape, plan };
}
