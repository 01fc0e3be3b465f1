import { Recording } from "../kernels/program.ts";
import type { Arena, Region } from "./arena.ts";
import { recordNormalize } from "./batchNetwork.ts";
import type { NetworkShape } from "./networkShape.ts";
import { normEpsilon, type ParameterLayout } from "./parameterLayout.ts";

/** Memory of an `ActingNetwork`: one observation, the outputs of each layer, the Q-values, and the program that computes them. */
export interface ActingPlan {
  readonly observation: Region;
  /** The normalised observation; empty without normalisation. */
  readonly normalized: Region;
  readonly outputs: readonly Region[];
  readonly q: Region;
  readonly forward: Recording;
  readonly program: Region<"u8">;
}

/**
 * @param base byte offset of the network's parameters
 * @param observation region of the observation; by default a new one
 */
export function planActing(
  arena: Arena,
  shape: NetworkShape,
  { inputNorm, layers }: ParameterLayout,
  base: number,
  observation: Region = arena.f32(shape.observationSize),
): ActingPlan {
  const outputs = layers.map((layer) => arena.f32(layer.outputs));
  const q = arena.f32(shape.actionCount);
  const forward = new Recording();
  let inputPtr = observation.offset;
  const normalized = arena.f32(inputNorm === null ? 0 : shape.observationSize);
  if (inputNorm !== null) {
    inputPtr = normalized.offset;
    recordNormalize(forward, inputNorm, inputPtr, observation.offset, base, shape, 1);
  }
  layers.forEach(({ activation, bias, inputs, lowerBound, norm, outputs: count, weight }, k) => {
    const toQ = k === layers.length - 1 && !shape.dueling;
    const outputPtr = (toQ ? q : outputs[k]!).offset;
    // biome-ignore format: outputs, inputs, shape, scalars
    forward.call("denseForwardOne",
      outputPtr,
      inputPtr, base + weight, base + bias,
      count, inputs,
      norm === null ? lowerBound : -Infinity,
    );
    if (norm !== null) {
      // biome-ignore format: outputs, inputs, statistics, shape, scalars
      forward.call("batchNormEvaluate",
        outputPtr,
        outputPtr, base + norm.scale, base + norm.shift,
        base + norm.runningMean, base + norm.runningVariance,
        count, 1,
        normEpsilon, lowerBound,
      );
    }
    if (activation === "tanh") forward.call("tanhForward", outputPtr, count);
    inputPtr = outputPtr;
  });
  if (shape.dueling) forward.call("duelingForwardOne", q.offset, inputPtr, shape.actionCount);
  return { observation, normalized, outputs, q, forward, program: arena.bytes(forward.bytes) };
}
