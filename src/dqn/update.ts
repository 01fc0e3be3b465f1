import { Recording } from "../kernels/program.ts";
import type { Region } from "../network/arena.ts";
import { recordBackward, recordTrainingForward } from "../network/backward.ts";
import { recordForward } from "../network/forward.ts";
import { type OptimizerOptions, recordOptimizer } from "./optimizer.ts";
import { stateStride } from "./stateRing.ts";
import type { TrainingRegions } from "./trainingRegions.ts";
import { STEP_NUMBERS } from "./transition.ts";

/** Hyperparameters of an update. */
export interface UpdateOptions extends OptimizerOptions {
  readonly loss: "mse" | "huber";
  readonly huberBeta: number;
  /** One optimizer step per transition of a batch, instead of one per batch. */
  readonly updatePerTransition: boolean;
  readonly doubleQ: boolean;
  /** `none`: no target network; the Q-network computes its own targets. */
  readonly targetUpdateUnit: "step" | "update" | "episode" | "none";
}

/** Records an update: gather, targets (PQN has them already), forward, loss, backward, optimizer. */
export function recordUpdate(plan: TrainingRegions, options: UpdateOptions): Recording {
  const { batch, scratch, state, transition } = plan;
  const { dQ, errors, loss, q, transitions, weights } = scratch;
  const { actionCount } = plan.shape;
  const featurePtr = (feature: number) => transitions.offset + 4 * batch * feature;
  const program = new Recording();
  const isPqn = state.rolloutSteps.length > 0;
  const hasStates = scratch.states.length > 0;
  if (isPqn) recordRolloutGather(program, plan);
  else recordTargets(program, plan, options);

  const online = {
    parametersPtr: state.online.offset,
    inputPtr: hasStates ? scratch.states.offset : featurePtr(transition.observation),
  };
  recordTrainingForward(program, plan, online);
  const targetsPtr = isPqn ? featurePtr(transition.target) : scratch.targets.offset;
  // biome-ignore format: outputs, inputs, shape
  const lossArguments = [
    dQ.offset, errors.offset, loss.offset,
    q.offset, featurePtr(transition.action), targetsPtr, weights.offset,
    actionCount, batch, "samples",
  ] as const;
  if (options.loss === "huber") program.call("huberGradient", ...lossArguments, options.huberBeta);
  else program.call("mseGradient", ...lossArguments);
  recordBackward(program, plan, online);
  recordOptimizer(program, plan, options);
  return program;
}

/** Records the gathering of a batch from the rollout. */
function recordRolloutGather(program: Recording, plan: TrainingRegions): void {
  const { batch, scratch, shape, state, transition } = plan;
  const { offset } = scratch.transitions;
  const { observationSize } = shape;
  const { rolloutObservations, rolloutSteps } = state;
  const rowsPtr = scratch.indices.offset;
  const stepPtr = offset + 4 * batch * transition.action;
  const hasBytes = rolloutObservations.type === "u8";
  // biome-ignore format: output, table, rows, shape
  program.call(hasBytes ? "gatherBytes" : "gatherRows",
    offset,
    rolloutObservations.offset, hasBytes ? scratch.rolloutRows.offset : rowsPtr,
    observationSize, stateStride(observationSize), batch,
  );
  // biome-ignore format: output, table, rows, shape
  program.call("gatherRows",
    stepPtr,
    rolloutSteps.offset, rowsPtr,
    STEP_NUMBERS, STEP_NUMBERS, batch,
  );
}

/** Records the gathering of a batch from the replay buffer, and its TD targets. */
function recordTargets(program: Recording, plan: TrainingRegions, options: UpdateOptions): void {
  const { batch, replay, scratch, shape, state, transition } = plan;
  const { indices, nextQ, onlineNextQ, singleIndex, targets, transitions } = scratch;
  const { size, stride } = transition;
  const { actionCount } = shape;
  const rows = options.updatePerTransition ? singleIndex : indices;
  const target = options.targetUpdateUnit === "none" ? state.online : state.target;
  const featurePtr = (feature: number) => transitions.offset + 4 * batch * feature;
  const rowPtr = featurePtr(transition.observation);
  const nextRowPtr = featurePtr(transition.nextObservation);
  const hasBytes = scratch.states.length > 0;
  const width = shape.observationSize;
  const inputPtr = scratch.states.offset;
  const nextInputPtr = hasBytes ? inputPtr + 4 * batch * width : nextRowPtr;
  const rewardPtr = featurePtr(transition.reward);
  const discountPtr = featurePtr(transition.discount);
  const onlinePtr = state.online.offset;
  const { offset } = replay.table;
  program.call("gatherRows", transitions.offset, offset, rows.offset, size, stride, batch);
  if (hasBytes) {
    const table = [replay.states.offset, stateStride(width)] as const;
    program.call("gatherBytes", inputPtr, table[0], rowPtr, width, table[1], batch);
    program.call("gatherBytes", nextInputPtr, table[0], nextRowPtr, width, table[1], batch);
  }

  /** Lowers the Q-values of illegal actions, so that no maximum chooses them. */
  const maskIllegal = ({ offset: qPtr }: Region) => {
    if (transition.nextLegal === transition.size) return;
    program.call("maskIllegal", qPtr, featurePtr(transition.nextLegal), actionCount * batch);
  };

  // Batch normalisation uses the running statistics for the targets.
  const next = { inputPtr: nextInputPtr, normPtr: onlinePtr };
  const targetNext = { ...next, parametersPtr: target.offset, qPtr: nextQ.offset };
  recordForward(program, plan, targetNext, batch);
  if (options.doubleQ) {
    const onlineNext = { ...next, qPtr: onlineNextQ.offset, parametersPtr: onlinePtr };
    recordForward(program, plan, onlineNext, batch);
    maskIllegal(onlineNextQ);
    // biome-ignore format: output, inputs, shape
    program.call("doubleTarget",
      targets.offset,
      onlineNextQ.offset, nextQ.offset, rewardPtr, discountPtr,
      actionCount, batch,
    );
  } else {
    maskIllegal(nextQ);
    // biome-ignore format: output, inputs, shape
    program.call("tdTarget",
      targets.offset,
      nextQ.offset, rewardPtr, discountPtr,
      actionCount, batch,
    );
  }
}
