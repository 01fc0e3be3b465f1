import type { Config } from "../config/config.ts";
import type { EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { environmentSpec, wrapCustom } from "../environments/registry.ts";
import { refuseUnless, UsageError } from "../errors.ts";
import type { NetworkShape } from "../network/networkShape.ts";
import { planTraining, type TrainingPlan } from "./memoryPlan.ts";

/** Environment, network and memory plan of a run. */
export interface RunPlan {
  readonly spec: EnvironmentSpec;
  readonly shape: NetworkShape;
  readonly plan: TrainingPlan;
}

/**
 * Plans a run without allocating its memory.
 * @param environment an environment without frame stack and noise, instead of the built-in one that `config.env` names
 * @throws UsageError if the environment is unknown or does not have an action or option of the configuration
 */
export function planRun(
  config: Config,
  environment?: EnvironmentFactory | EnvironmentSpec,
): RunPlan {
  const spec = environment ? wrapCustom(environment, config) : environmentSpec(config.env, config);
  const shape: NetworkShape = {
    observationSize: spec.observationSize,
    observationShape: spec.observationShape,
    convFilters: config.convFilters,
    kernelSize: config.kernelSize,
    stride: config.stride,
    padding: config.padding,
    hiddenSizes: config.hiddenSizes,
    activation: config.activation,
    outputActivation: config.outputActivation,
    normalizeObservations: config.normalizeObservations,
    batchNorm: config.batchNorm,
    layerNorm: config.layerNorm,
    dueling: config.dueling,
    actionCount: spec.actionCount,
  };
  if (config.explorationAction !== null && config.explorationAction >= spec.actionCount) {
    throw new UsageError(
      `explorationAction must be less than ${spec.actionCount}, the actions of ${spec.id}, got ${config.explorationAction}.`,
    );
  }
  const { convFilters } = config;
  const fits = convFilters.length === 0 || spec.observationShape?.length === 3;
  const expected = "empty unless observations have the shape rows, columns, channels";
  refuseUnless(fits, "convFilters", expected, convFilters);
  const { algorithm, numEnvs, numMinibatches, numSteps } = config;
  const isPqn = algorithm === "pqn";
  if (isPqn && spec.players === 2) {
    throw new UsageError(`algorithm must be dqn in a game of two players, ${spec.id}, got "pqn".`);
  }
  const rolloutSize = isPqn ? numEnvs * numSteps : 0;
  const plan = planTraining({
    ...config,
    ...(isPqn && { bufferSize: 0, batchSize: rolloutSize / numMinibatches }),
    rolloutSize,
    shape,
    hasLegalActions: spec.hasLegalActions ?? false,
    hasByteObservations: spec.observationType === "uint8",
    numEnvs,
    opponentCount: spec.players === 2 ? config.opponentPool : 0,
    environmentBytes: spec.bytes,
    episodeBytes: spec.episodeBytes ?? 0,
  });
  return { spec, shape, plan };
}
