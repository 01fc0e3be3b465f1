import type { Config } from "../config/config.ts";
import type { TrainingPlan } from "../dqn/memoryPlan.ts";
import type { RunPlan } from "../dqn/runPlan.ts";
import { EPISODE_NUMBERS } from "../dqn/runState.ts";
import { stateStride } from "../dqn/stateRing.ts";
import { STEP_NUMBERS } from "../dqn/transition.ts";
import { RunError, shortened } from "../errors.ts";
import { arrayTypes, type ElementType } from "../network/arena.ts";
import type { Tensor } from "../network/namedTensor.ts";

/** The arrays of a checkpoint by name: the regions of `TrainingPlan.state`, and these. */
export interface CheckpointArrays extends Readonly<Record<string, Tensor["values"]>> {
  /** (stored transitions, floats of a transition) */
  readonly transitions: Float32Array;
  /** The stored states, if observations are bytes. */
  readonly states?: Uint8Array;
  /** One per stored transition; empty in uniform replay. */
  readonly priorities: Float64Array;
  readonly greatestPriority: Float64Array;
  /** Of the last 100 episodes at most. */
  readonly lastReturns: Float64Array;
  readonly lastLengths: Float64Array;
}

/** The array of the stored states, if observations are bytes. */
function stateArrays(
  { replay, shape }: TrainingPlan,
  tensors: Contents["tensors"],
): Readonly<Record<string, { type: ElementType; length: number }>> {
  if (replay.states.length === 0) return {};
  const stored = Number(tensors.get("stateCounts")?.values[0]);
  return { states: { type: "u8", length: stored * stateStride(shape.observationSize) } };
}

/**
 * Validates the rows of a state ring, so that no kernel reads outside of it. Does nothing without one.
 * @returns the number of dropped transitions
 */
function validateStateRows(
  arrays: CheckpointArrays,
  { replay, shape, transition }: TrainingPlan,
  replaySize: number,
  refuse: (what: string) => never,
): number {
  if (replay.states.length === 0) return 0;
  const rows = replay.states.length / stateStride(shape.observationSize) - 1;
  const [stored = 0, next = 0, dropped = 0] = arrays.stateCounts!;
  if (stored > rows || next >= rows || dropped > replaySize) {
    refuse(`it has ${stored} states, row ${next} is next, ${dropped} transitions are dropped`);
  }
  const { nextObservation, observation, size } = transition;
  const validate = (row: number | undefined, least = 0) => {
    const fits = Number.isInteger(row) && row! >= least && row! <= rows;
    if (!fits) refuse(`it has state ${row}, expected at most ${rows}`);
  };
  for (let start = 0; start < replaySize * size; start += size) {
    validate(arrays.transitions[start + observation]);
    validate(arrays.transitions[start + nextObservation]);
  }
  for (const row of arrays.stateRows!) validate(row, -1);
  const width = nextObservation + 2;
  for (let at = 0; at < arrays.pending!.length; at += width) validate(arrays.pending![at]);
  return dropped;
}

/** Name of the array with the state of environment number `index`. */
export function environmentName(index: number): string {
  return index === 0 ? "environment" : `environment${index}`;
}

/** The part of a checkpoint that is validated here. */
interface Contents {
  readonly counters: Readonly<
    Record<"episodes" | "replayNextRow" | "replaySize" | "steps" | "updatesDue", number> & {
      midStep: boolean;
    }
  >;
  readonly name: string;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/**
 * Validates the arrays of a checkpoint against its configuration and counters. Allocates nothing of their size.
 * @param builtIn whether the environment is built in, so that its state must be there
 * @returns the arrays, and the environments' states; null if there are none
 * @throws RunError if an array is missing, unknown or of another size, or contradicts the rest
 */
export function validateArrays(
  { counters, name, tensors }: Contents,
  config: Config,
  { plan, shape }: RunPlan,
  builtIn: boolean,
): { arrays: CheckpointArrays; environments: Uint8Array[] | null } {
  const refuse = (what: string): never => {
    throw new RunError(`${name} contradicts itself: ${what}.`);
  };

  const { bufferSize, nSteps, numEnvs } = config;
  const { replayNextRow, replaySize, updatesDue, midStep } = counters;
  if (replaySize > bufferSize) refuse(`${replaySize} transitions in a buffer of ${bufferSize}`);
  const rowFits =
    replaySize < bufferSize ? replayNextRow === replaySize : replayNextRow < bufferSize;
  if (!rowFits) refuse(`the next row is ${replayNextRow}`);
  const { gradientSteps, numMinibatches, updateEpochs } = config;
  const isPqn = config.algorithm === "pqn";
  const most = isPqn ? updateEpochs * numMinibatches : gradientSteps;
  if (updatesDue > (midStep ? most : 0)) refuse(`${updatesDue} updates are due`);

  const episodes = Math.min(100, counters.episodes);
  const { action, nextObservation, size } = plan.transition;
  const expected: Readonly<Record<string, { type: ElementType; length: number }>> = {
    ...plan.state,
    transitions: { type: "f32", length: replaySize * size },
    ...stateArrays(plan, tensors),
    priorities: { type: "f64", length: config.prioritized ? replaySize : 0 },
    greatestPriority: { type: "f64", length: 1 },
    lastReturns: { type: "f64", length: episodes },
    lastLengths: { type: "f64", length: episodes },
  };
  for (const [key, { length, type }] of Object.entries(expected)) {
    const values = tensors.get(key)?.values;
    if (!(values instanceof arrayTypes[type]) || values.length !== length) {
      throw new RunError(`${name} needs an array ${key} of ${length} numbers (${type}).`);
    }
  }
  const names = Array.from({ length: numEnvs }, (_, k) => environmentName(k));
  const states = names.map((key) => tensors.get(key)?.values);
  const none = states.every((state) => state === undefined);
  if (none ? builtIn : !states.every((state) => state instanceof Uint8Array)) {
    refuse(`it has no state of ${config.env}`);
  }
  const known = new Set([...names, ...Object.keys(expected)]);
  const unknown = [...tensors.keys()].find((key) => !known.has(key));
  if (unknown !== undefined) refuse(`${shortened(unknown)} is not an array of a run`);
  const arrays = Object.fromEntries(
    [...tensors].map(([key, { values }]) => [key, values]),
  ) as CheckpointArrays;

  for (const stream of ["explorationStream", "replayStream"]) {
    // This state yields only zeros, so rejection sampling would never end.
    if ((arrays[stream] as Uint32Array).every((word) => word === 0)) {
      refuse(`${stream} is all zeros`);
    }
  }
  const dropped = validateStateRows(arrays, plan, replaySize, refuse);
  const { actionCount } = shape;
  const validateAction = (index: number | undefined) => {
    const known = Number.isInteger(index) && index! >= 0 && index! < actionCount;
    if (!known) refuse(`it has action ${index}, expected a whole number below ${actionCount}`);
  };
  for (let row = 0; row < replaySize; row++) {
    validateAction(arrays.transitions[row * size + action]);
  }
  for (let environment = 0; environment < numEnvs; environment++) {
    const [pending = 0, first = 0] = arrays.pendingCounts!.slice(2 * environment);
    if (pending >= nSteps || first >= nSteps) {
      refuse(`${pending} pending steps for an n-step return of ${nSteps}`);
    }
    for (let k = 0; k < pending; k++) {
      const row = environment * nSteps + ((first + k) % nSteps);
      validateAction(arrays.pending![row * (nextObservation + 2) + nextObservation]);
    }
    const [length = 0, , , opponent = 0] = arrays.episodes!.slice(EPISODE_NUMBERS * environment);
    const opponents = plan.state.opponents.length / plan.parameters.length;
    const fits = Number.isInteger(length) && length >= 0;
    const known = Number.isInteger(opponent) && opponent >= -1 && opponent < 2 * opponents;
    if (!(fits && known)) refuse(`an episode has ${length} steps and opponent ${opponent}`);
  }
  arrays.greedyActions!.forEach(validateAction);
  if (isPqn) validateRollout(arrays, counters.steps, refuse, validateAction);
  // Dropped transitions have the priority 0.
  const least = dropped > 0 ? 0 : Number.MIN_VALUE;
  if (arrays.priorities.some((priority) => priority < least) || arrays.greatestPriority[0]! <= 0) {
    refuse("a priority is not greater than 0");
  }
  return { arrays, environments: none ? null : (states as Uint8Array[]) };
}

/** Refuses a rollout whose number of steps, order or actions would make the training read outside of it. */
function validateRollout(
  arrays: CheckpointArrays,
  steps: number,
  refuse: (what: string) => never,
  validateAction: (action: number | undefined) => void,
): void {
  const { rolloutCount, rolloutOrder, rolloutSteps } = arrays;
  const size = rolloutOrder!.length;
  const count = steps === 0 ? 0 : ((steps - 1) % size) + 1;
  if (rolloutCount![0] !== count) refuse(`${rolloutCount![0]} steps in the rollout`);
  if (rolloutOrder!.some((row) => row >= size)) refuse("a row is outside of the rollout");
  for (let row = 0; row < size; row++) validateAction(rolloutSteps![STEP_NUMBERS * row]);
  const padding = rolloutSteps![STEP_NUMBERS * size];
  if (padding !== -1) refuse(`the padding of the rollout has action ${padding}`);
}
