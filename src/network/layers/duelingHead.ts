import { recordDerivative } from "../activation.ts";
import type { LayerBase, LayerEvaluation, LayerTraining } from "../layer.ts";
import { type Dense, dense } from "./dense.ts";

/** Q-values from a state value and an advantage per action (Wang et al. 2016). */
export interface DuelingHead extends LayerBase {
  readonly kind: "duelingHead";
}

/** Returns the dense layer of a dueling head, whose row 0 is the value and whose other rows are the advantages, and the head. */
export function duelingHead(
  inputs: number,
  actions: number,
  activation: Dense["activation"],
): [Dense, DuelingHead] {
  const parts = [
    ["value", 0, 1],
    ["advantage", 1, actions],
  ] as const;
  const head = dense("head", inputs, 1 + actions, activation, parts);
  const sizes = { inputs: 1 + actions, outputs: actions };
  return [
    head,
    { kind: "duelingHead", name: "q", ...sizes, activation: "identity", parameters: {}, parts: [] },
  ];
}

export const duelingHeadEvaluation: LayerEvaluation<DuelingHead> = {
  recordForward(program, { outputs }, { inputPtr, outputPtr, width }) {
    if (width === 1) program.call("duelingForwardOne", outputPtr, inputPtr, outputs);
    else program.call("duelingForward", outputPtr, inputPtr, outputs, width);
  },
};

export const duelingHeadTraining: LayerTraining<DuelingHead> = {
  recordBackward(program, { inputs, outputs }, pass) {
    const { dInputPtr, dOutputPtr, inputActivation, inputPtr, width } = pass;
    program.call("duelingBackward", dInputPtr!, dOutputPtr, outputs, width);
    recordDerivative(program, inputActivation, dInputPtr!, inputPtr, inputs * width);
  },
};
