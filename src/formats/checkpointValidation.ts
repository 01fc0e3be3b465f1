import type { Config } from "../config/config.ts";
import type { RunPlan } from "../dqn/runPlan.ts";
import { RunError, shortened } from "../errors.ts";
import { arrayTypes, type ElementType } from "../network/arena.ts";
import type { Tensor } from "../network/namedTensor.ts";

/** A run's arrays as its checkpoint holds them: all there, of the sizes its configuration needs, and in accord with its counters. */
export interface HeldRun {
  /** By the name of the region. */
  readonly regions: ReadonlyMap<string, ArrayLike<number>>;
  /** (transitions stored, transitionSize) */
  readonly transitions: Float32Array;
  readonly priorities: Float64Array;
  readonly greatestPriority: Float64Array;
  readonly lastReturns: readonly number[];
  readonly lastLengths: readonly number[];
  /** null where the environment could not say its state. */
  readonly environment: Uint8Array | null;
}

/** The part of a checkpoint that is validated here. */
interface Contents {
  readonly counters: Readonly<
    Record<"episodes" | "pendingFirst" | "pendingSteps", number> &
      Record<"replayNextRow" | "replaySize" | "updatesDue", number> & { midStep: boolean }
  >;
  readonly name: string;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/**
 * Looks at everything a checkpoint holds before any memory is made for it.
 * @param builtIn whether the environment is one that can say its state
 * @throws RunError if something is missing, of another size, or contradicts the rest
 */
export function readHeldRun(
  { counters, name, tensors }: Contents,
  config: Config,
  { plan, shape }: RunPlan,
  builtIn: boolean,
): HeldRun {
  const taken = new Set(["environment"]);
  const take = <Type extends ElementType>(key: string, type: Type, length: number) => {
    taken.add(key);
    const values = tensors.get(key)?.values;
    if (!(values instanceof arrayTypes[type]) || values.length !== length) {
      throw new RunError(`${name} does not hold ${key} as its run needs it: ${length} numbers.`);
    }
    return values as InstanceType<(typeof arrayTypes)[Type]>;
  };
  const refuse = (what: string): never => {
    throw new RunError(`${name} contradicts itself: ${what}.`);
  };

  const { bufferSize, nSteps } = config;
  const { pendingFirst, pendingSteps, replayNextRow, replaySize, updatesDue, midStep } = counters;
  if (replaySize > bufferSize || replayNextRow >= bufferSize) {
    refuse(`${replaySize} transitions in a buffer of ${bufferSize}`);
  }
  const nextRow = replaySize < bufferSize ? replaySize : replayNextRow;
  if (nextRow !== replayNextRow) refuse(`the next row is ${replayNextRow}`);
  if (pendingSteps >= nSteps || pendingFirst >= nSteps) {
    refuse(`${pendingSteps} steps wait for an n-step return of ${nSteps}`);
  }

  if (updatesDue > (midStep ? config.gradientSteps : 0)) {
    refuse(`${updatesDue} updates are due`);
  }

  const held = new Map(
    Object.entries(plan.state).map(([key, { length, type }]) => [key, take(key, type, length)]),
  );
  for (const stream of ["explorationStream", "replayStream"]) {
    // Drawing from zeros would never end.
    if (held.get(stream)!.every((word) => word === 0)) refuse(`its ${stream} is all zeros`);
  }
  const { actionCount, observationSize } = shape;
  const refuseAction = (action: number | undefined) => {
    const known = Number.isInteger(action) && action! >= 0 && action! < actionCount;
    if (!known) refuse(`it holds the action ${action}, of ${actionCount}`);
  };
  const transitions = take("transitions", "f32", replaySize * plan.transition.size);
  for (let row = 0; row < replaySize; row++) {
    refuseAction(transitions[row * plan.transition.size + plan.transition.action]);
  }
  for (let k = 0; k < pendingSteps; k++) {
    const at = ((pendingFirst + k) % nSteps) * (observationSize + 2);
    refuseAction(held.get("pending")![at + observationSize]);
  }
  const priorities = take("priorities", "f64", config.prioritized ? replaySize : 0);
  const greatestPriority = take("greatestPriority", "f64", 1);
  if (priorities.some((priority) => priority <= 0) || greatestPriority[0]! <= 0) {
    refuse("a priority is not greater than 0");
  }
  const finished = Math.min(100, counters.episodes);
  const lastReturns = [...take("lastReturns", "f64", finished)];
  const lastLengths = [...take("lastLengths", "f64", finished)];

  const environment = tensors.get("environment")?.values ?? null;
  if (environment === null ? builtIn : !(environment instanceof Uint8Array)) {
    refuse(`it does not hold the state of ${config.env}`);
  }
  const stranger = [...tensors.keys()].find((key) => !taken.has(key));
  if (stranger !== undefined) refuse(`no run has a ${shortened(stranger)}`);
  return {
    ...{ regions: held, transitions, priorities, greatestPriority, lastReturns, lastLengths },
    environment: environment as Uint8Array | null,
  };
}
