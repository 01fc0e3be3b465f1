/**
 * The kernels that a program can call, in the order of their codes, which start at 1: number of pointers and sizes among the
 * arguments. The other arguments are scalars.
 */
export const integers = {
  tanhForward: 2,
  tanhBackward: 3,
  reluBackward: 3,
  batchNormForward: 11,
  batchNormEvaluate: 8,
  batchNormBackward: 10,
  denseForward: 7,
  denseForwardOne: 6,
  denseBackwardInput: 9,
  denseBackwardWeights: 8,
  duelingForward: 4,
  duelingForwardOne: 3,
  duelingBackward: 4,
  gatherRows: 6,
  clampValues: 2,
  clipNorm: 2,
  adam: 5,
  rmsprop: 5,
  sgd: 4,
  softUpdate: 3,
  tdTarget: 6,
  doubleTarget: 7,
  mseGradient: 10,
  huberGradient: 10,
  maskIllegal: 3,
  convForward: 10,
  convForwardOne: 9,
  convBackwardWeights: 10,
  convBackwardInput: 12,
  layerNormForward: 8,
  layerNormForwardOne: 5,
  layerNormBackward: 10,
  rmspropCentered: 5,
} as const;

/** An instruction of a program: 14 words (the kernel's code, then pointers and sizes), then 5 float64 scalars. */
export const instruction = { bytes: 96, words: 14, scalars: 5 } as const;

/** Returns the names of all kernels, without an import of the kernels. `loadCore` looks for them in a module. */
export function kernelNames(): readonly string[] {
  return [...Object.keys(integers), "acrobotStep", "cartPoleStep", "mountainCarStep", "run"];
}
