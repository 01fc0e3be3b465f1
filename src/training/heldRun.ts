import type { Region } from "../agent/chain.ts";
import type { TrainingPlan } from "../agent/memoryPlan.ts";
import { RunError, shortened } from "../errors.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Config } from "./config.ts";
import type { RunPlan } from "./runPlan.ts";

export type RegionKind = "F64" | "F32" | "U32";

/** The regions of a training memory that are copied as they are. */
export function regions(plan: TrainingPlan): [name: string, kind: RegionKind, Region][] {
  return [
    ["explorationStream", "U32", plan.explorationStream],
    ["replayStream", "U32", plan.replayStream],
    ["pending", "F64", plan.pending],
    ["online", "F32", plan.online],
    ["target", "F32", plan.target],
    ["firstMoment", "F32", plan.firstMoment],
    ["secondMoment", "F32", plan.secondMoment],
    ["observation", "F32", plan.acting.observation],
  ];
}

const arrays = { F64: Float64Array, F32: Float32Array, U32: Uint32Array } as const;

/** A run's arrays as its checkpoint holds them: all there, of the sizes its configuration needs, and in accord with its counters. */
export interface HeldRun {
  /** By the name of the region. */
  readonly regions: ReadonlyMap<string, Float64Array | Float32Array | Uint32Array>;
  /** (transitions stored, transitionSize) */
  readonly transitions: Float32Array;
  readonly priorities: Float64Array;
  readonly greatestPriority: Float64Array;
  readonly lastReturns: readonly number[];
  readonly lastLengths: readonly number[];
  /** null where the environment could not say its state. */
  readonly environment: Uint8Array | null;
}

/**
 * Looks at everything a checkpoint holds before any memory is made for it.
 * @param builtIn whether the environment is one that can say its state
 * @throws RunError if something is missing, of another size, or contradicts the rest
 */
export function readHeldRun(
  { counters, name, tensors }: Checkpoint,
  config: Config,
  { plan, shape }: RunPlan,
  builtIn: boolean,
): HeldRun {
  const taken = new Set(["environment"]);
  const take = <Kind extends RegionKind>(key: string, kind: Kind, length: number) => {
    taken.add(key);
    const values = tensors.get(key)?.values;
    if (!(values instanceof arrays[kind]) || values.length !== length) {
      throw new RunError(`${name} does not hold ${key} as its run needs it: ${length} numbers.`);
    }
    return values as InstanceType<(typeof arrays)[Kind]>;
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
    regions(plan).map(([key, kind, { length }]) => [key, take(key, kind, length)]),
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
  const transitions = take("transitions", "F32", replaySize * plan.transitionSize);
  for (let row = 0; row < replaySize; row++) {
    refuseAction(transitions[row * plan.transitionSize + 2 * observationSize]);
  }
  for (let k = 0; k < pendingSteps; k++) {
    const at = ((pendingFirst + k) % nSteps) * (observationSize + 2);
    refuseAction(held.get("pending")![at + observationSize]);
  }
  const priorities = take("priorities", "F64", config.prioritized ? replaySize : 0);
  const greatestPriority = take("greatestPriority", "F64", 1);
  if (priorities.some((priority) => priority <= 0) || greatestPriority[0]! <= 0) {
    refuse("a priority is not greater than 0");
  }
  const finished = Math.min(100, counters.episodes);
  const lastReturns = [...take("lastReturns", "F64", finished)];
  const lastLengths = [...take("lastLengths", "F64", finished)];

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
