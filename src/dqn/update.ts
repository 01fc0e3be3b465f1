import { Recording } from "../kernels/program.ts";
import type { Region } from "../network/arena.ts";
import { recordBackward, recordForward } from "../network/batchNetwork.ts";
import { type OptimizerOptions, recordOptimizer } from "./optimizer.ts";
import { stateStride } from "./stateRing.ts";
import type { TrainingRegions } from "./trainingRegions.ts";

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

/** Records an update: gather, targets, forward, loss, backward, optimizer. */
export function recordUpdate(plan: TrainingRegions, options: UpdateOptions): Recording {
  const { batch, replay, scratch, shape, state, transition } = plan;
  const { dQ, errors, indices, loss, nextQ, onlineNextQ, q } = scratch;
  const { singleIndex, targets, transitions, weights } = scratch;
  const { size, stride } = transition;
  const { actionCount } = shape;
  const rows = options.updatePerTransition ? singleIndex : indices;
  const target = options.targetUpdateUnit === "none" ? state.online : state.target;
  const featurePtr = (feature: number) => transitions.offset + 4 * batch * feature;
  const rowPtr = featurePtr(transition.observation);
  const nextRowPtr = featurePtr(transition.nextObservation);
  const hasBytes = scratch.states.length > 0;
  const inputPtr = hasBytes ? scratch.states.offset : rowPtr;
  const nextInputPtr = hasBytes ? inputPtr + 4 * batch * shape.observationSize : nextRowPtr;
  const actionPtr = featurePtr(transition.action);
  const rewardPtr = featurePtr(transition.reward);
  const discountPtr = featurePtr(transition.discount);
  const onlinePtr = state.online.offset;
  const program = new Recording();
  const { offset } = replay.table;
  program.call("gatherRows", transitions.offset, offset, rows.offset, size, stride, batch);
  if (hasBytes) {
    const width = shape.observationSize;
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
  recordForward(program, plan, nextQ.offset, target.offset, nextInputPtr, "evaluation", onlinePtr);
  if (options.doubleQ) {
    recordForward(program, plan, onlineNextQ.offset, onlinePtr, nextInputPtr, "evaluation");
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

  recordForward(program, plan, q.offset, onlinePtr, inputPtr, "training");
  // biome-ignore format: outputs, inputs, shape
  const lossArguments = [
    dQ.offset, errors.offset, loss.offset,
    q.offset, actionPtr, targets.offset, weights.offset,
    actionCount, batch, "samples",
  ] as const;
  if (options.loss === "huber") program.call("huberGradient", ...lossArguments, options.huberBeta);
  else program.call("mseGradient", ...lossArguments);
  recordBackward(program, plan, onlinePtr, inputPtr);
  recordOptimizer(program, plan, options);
  return program;
}
