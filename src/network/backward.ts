import type { Recording } from "../kernels/program.ts";
import { recordDerivative } from "./activation.ts";
import type { BatchPlan } from "./batchPlan.ts";
import {
  type Evaluations,
  evaluations,
  type ForwardPointers,
  forwardPasses,
  pointersFrom,
  recordForward,
} from "./forward.ts";
import { layerTrainings } from "./layerTrainings.ts";
import type { Layer } from "./networkLayers.ts";

/** Forward passes in training mode: batch normalisation uses the batch's statistics and updates the running ones. */
const trainingForwards = Object.fromEntries(
  Object.entries(evaluations).map(([kind, evaluation]) => [
    kind,
    { ...evaluation, ...layerTrainings[kind as Layer["kind"]] },
  ]),
) as Evaluations;

/**
 * Records a forward pass in training mode, for `recordBackward`. Columns from the slot `samples` on are padding.
 */
export function recordTrainingForward(
  program: Recording,
  plan: BatchPlan,
  pointers: ForwardPointers,
): void {
  recordForward(program, plan, pointers, plan.batch, trainingForwards);
}

/**
 * Records a backward pass: from the plan's `dQ` to the plan's `gradient`. It uses the arrays of the last forward pass, which must be
 * that of `recordTrainingForward` with the same pointers.
 */
export function recordBackward(
  program: Recording,
  plan: BatchPlan,
  pointers: ForwardPointers,
): void {
  const { batch, layers, scratch } = plan;
  const { gradient, workspace } = scratch;
  const passes = forwardPasses(plan, pointers, batch);
  const first = passes.findIndex(({ layer }) => layerTrainings[layer.kind] !== null);
  const last = passes.length - 1;
  for (let k = last; k >= first; k--) {
    const pass = passes[k]!;
    const { layer, offsets } = pass;
    const dOutputPtr = layers[k]!.gradient.offset;
    // For the other layers, the next layer has applied the derivative, if possible while the gradient was in registers.
    if (k === last) {
      const count = layer.outputs * batch;
      recordDerivative(program, layer.activation, dOutputPtr, pass.outputPtr, count);
    }
    layerTrainings[layer.kind]!.recordBackward(program, layer, {
      ...pass,
      dOutputPtr,
      dInputPtr: k === first ? null : layers[k - 1]!.gradient.offset,
      inputActivation: passes[k - 1]?.layer.activation ?? "identity",
      gradients: pointersFrom(gradient.offset, offsets),
      workspacePtr: workspace.offset,
    });
  }
}
