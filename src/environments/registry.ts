import { refuseUnlessObject, UsageError } from "../errors.ts";
import { createCore } from "../kernels/core.ts";
import type { Backend } from "../kernels/kernels.ts";
import { acrobot } from "./acrobot.ts";
import type { BuiltIn } from "./builtIn.ts";
import { cartPoles } from "./cartPole.ts";
import { classicControlBytes } from "./classicControl.ts";
import { describeEnvironment, type EnvironmentFactory } from "./customEnvironment.ts";
import type { Environment } from "./environment.ts";
import type { EnvironmentOptions, EnvironmentSpec } from "./environmentSpec.ts";
import { episodeBytes } from "./episodeBatch.ts";
import { FrameStack } from "./frameStack.ts";
import { mountainCar } from "./mountainCar.ts";
import { ObservationNoise } from "./observationNoise.ts";
import { TimeLimit } from "./timeLimit.ts";

/** Options that change nothing. */
export const plainEnvironment: EnvironmentOptions = {
  maxEpisodeSteps: null,
  frameStack: 1,
  observationNoise: 0,
  forceNoise: 0,
  targetPosition: null,
};

const table = [...cartPoles, mountainCar, acrobot] as const;

/** Id of a built-in environment. */
export type EnvironmentId = (typeof table)[number]["id"];

const builtIns: readonly BuiltIn<EnvironmentId>[] = table;

/** Ids of the built-in environments. */
export const environmentIds: readonly EnvironmentId[] = Object.freeze(builtIns.map(({ id }) => id));

/** Options besides the wrappers' that a built-in environment takes. */
export const ownOptions = (id: string): readonly string[] =>
  builtIns.find((candidate) => candidate.id === id)?.ownOptions ?? [];

export const isBuiltIn = (id: string) => (environmentIds as readonly string[]).includes(id);

/**
 * Describes a built-in environment with options.
 * @throws UsageError for an unknown id or an option that the environment does not take
 */
export function environmentSpec(
  id: string,
  options: EnvironmentOptions = plainEnvironment,
): EnvironmentSpec {
  const builtIn = builtIns.find((candidate) => candidate.id === id);
  if (builtIn === undefined) {
    throw new UsageError(
      `env must be one of ${environmentIds.join(", ")}, got "${id}". Pass your own game, or one of wasm-dqn/games, as environment or with --env.`,
    );
  }
  refuseForeignOptions(id, options);
  const { maxEpisodeSteps } = options;
  const limit = maxEpisodeSteps === 0 ? Infinity : (maxEpisodeSteps ?? builtIn.maxEpisodeSteps);
  const spec: EnvironmentSpec = {
    ...builtIn,
    actionCount: builtIn.actionNames.length,
    maxReturn: builtIn.rewardPerStep > 0 ? limit * builtIn.rewardPerStep : builtIn.maxReturn,
    bytes: classicControlBytes,
    episodeBytes: isPlain(options) ? episodeBytes : 0,
    make: (core, ptr) => builtIn.make(core, ptr, limit, options),
  };
  return wrap(spec, options);
}

/** @throws UsageError if the id is that of a built-in environment */
export function refuseBuiltInId(id: string): void {
  if (isBuiltIn(id)) throw new UsageError(`Your environment needs another id than ${id}.`);
}

/**
 * Describes a user's environment with the time limit, observation noise and frame stack of the options.
 * @throws UsageError for an option of a built-in environment, or if the id is that of one
 */
export function wrapCustom(
  environment: EnvironmentFactory | EnvironmentSpec,
  options: EnvironmentOptions,
): EnvironmentSpec {
  const spec = describeEnvironment(environment);
  refuseBuiltInId(spec.id);
  refuseForeignOptions(spec.id, options);
  const limit = options.maxEpisodeSteps ?? spec.maxEpisodeSteps ?? 0;
  if (limit === 0) return wrap(spec, options);
  const make: EnvironmentSpec["make"] = (core, ptr) => new TimeLimit(spec.make(core, ptr), limit);
  return wrap({ ...spec, make }, options);
}

/** Whether options change at most the time limit. */
function isPlain(options: EnvironmentOptions): boolean {
  const { maxEpisodeSteps } = options;
  const limited = { ...plainEnvironment, maxEpisodeSteps };
  return Object.entries(limited).every(
    ([key, value]) => options[key as keyof EnvironmentOptions] === value,
  );
}

/** @throws UsageError if an option is set that only other environments take */
function refuseForeignOptions(id: string, options: EnvironmentOptions): void {
  const taken = ownOptions(id);
  for (const owner of builtIns) {
    for (const key of owner.ownOptions ?? []) {
      if (options[key] === plainEnvironment[key] || taken.includes(key)) continue;
      throw new UsageError(`${key} is an option of ${owner.id}, not of "${id}".`);
    }
  }
}

function wrap(
  spec: EnvironmentSpec,
  { frameStack, observationNoise }: EnvironmentOptions,
): EnvironmentSpec {
  return {
    ...spec,
    observationSize: frameStack * spec.observationSize,
    observationType: observationNoise > 0 ? "float32" : spec.observationType,
    make(core, ptr) {
      let environment = spec.make(core, ptr);
      if (observationNoise > 0) environment = new ObservationNoise(environment, observationNoise);
      if (frameStack > 1) environment = new FrameStack(environment, frameStack);
      return environment;
    },
  };
}

/**
 * Makes a built-in environment with its own memory.
 * @throws UsageError for an unknown id or an option that the environment does not take
 */
export function makeEnvironment(
  id: EnvironmentId,
  options: Partial<EnvironmentOptions> & { readonly backend?: Backend } = {},
): Environment {
  refuseUnlessObject(options, "options");
  const { backend = "wasm", ...changes } = options;
  const spec = environmentSpec(id, { ...plainEnvironment, ...changes });
  return spec.make(createCore(backend, spec.bytes), 0);
}
