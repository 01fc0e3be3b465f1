import type { ConfigChanges } from "../../config/config.ts";

/** A change of the run `solve` that teaches something. */
export interface Experiment {
  readonly id: string;
  readonly name: string;
  readonly changes: ConfigChanges;
}

/** Guided experiments, in the order of the page. Their texts load when one is chosen: experimentTexts.ts. */
export const experiments: readonly Experiment[] = [
  {
    id: "no-target",
    name: "No target network",
    changes: { targetUpdateUnit: "none" },
  },
  {
    id: "short-sight",
    name: "Gamma 0.5",
    changes: { gamma: 0.5 },
  },
  {
    id: "high-rate",
    name: "Learning rate × 100",
    changes: { learningRate: 0.5 },
  },
  {
    id: "double",
    name: "Double DQN",
    changes: { doubleQ: true },
  },
  {
    id: "n-step",
    name: "3-step returns",
    changes: { nSteps: 3 },
  },
  {
    id: "prioritized",
    name: "Prioritised replay",
    changes: { prioritized: true },
  },
  {
    id: "batch-1",
    name: "Batches of 1",
    changes: { batchSize: 1 },
  },
  {
    id: "no-exploration",
    name: "No exploration",
    changes: { explorationInitialEps: 0, explorationFinalEps: 0 },
  },
  {
    id: "tiny",
    name: "Two hidden units",
    changes: { hiddenSizes: [2] },
  },
];
