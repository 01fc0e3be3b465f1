import { evaluationStepLimit } from "../dqn/evaluation.ts";
import { count } from "../numberText.ts";

/** Says how many of an evaluation's episodes the step limit stopped. */
export const cappedText = (capped: number, episodes: number) =>
  `${count(capped)} of ${count(episodes)} episodes were stopped at ${count(evaluationStepLimit)} steps, because the environment has no time limit.`;
