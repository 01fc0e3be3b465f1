import { Recording } from "../kernels/program.ts";
import type { Arena, Region } from "./arena.ts";
import { recordNormalize } from "./batchNetwork.ts";
import type { NetworkShape } from "./networkShape.ts";
import { normEpsilon, type ParameterLayout } from "./parameterLayout.ts";

/** Widths for episodes in lockstep: 100 episodes are played in groups of 8, 24 and 68, and a batch is a multiple of 8. */
const LOCKSTEP_WIDTHS = [1, 8, 16, 24, 32, 40, 48, 56, 64, 72];

/** Memory of an `ActingNetwork`: observations, the outputs of each layer, and the Q-values, each (size, columns). */
export interface ActingPlan {
  /** Maximum number of observations at once. */
  readonly columns: number;
  readonly observation: Region;
  /** The normalised observations; empty without normalisation. */
  readonly normalized: Region;
  readonly outputs: readonly Region[];
  readonly q: Region;
  /** A forward pass for each width: the number of observations that it computes at once. */
  readonly forwards: readonly ForwardPlan[];
  /** (columns) states of episodes, in the environment's layout; empty if episodes are played one by one. */
  readonly episodes: Region<"u8">;
}

/** The kernel calls of a forward pass, and their place in the memory. */
export interface ForwardPlan {
  readonly width: number;
  readonly forward: Recording;
  readonly program: Region<"u8">;
}

export interface ActingOptions {
  /** Numbers of observations at once, ascending: 1 or multiples of 8. By default only 1, or those of episodes in lockstep. */
  readonly widths?: readonly number[];
  /** Bytes of an episode that is played in lockstep with others; 0, the default, if episodes are played one by one. */
  readonly episodeBytes?: number;
  /** Region of the observation; by default a new one. */
  readonly observation?: Region | undefined;
}

/** @param base byte offset of the network's parameters */
export function planActing(
  arena: Arena,
  shape: NetworkShape,
  parameters: ParameterLayout,
  base: number,
  { episodeBytes = 0, widths, observation: given }: ActingOptions = {},
): ActingPlan {
  const chosen = widths ?? (episodeBytes > 0 ? LOCKSTEP_WIDTHS : [1]);
  const columns = chosen.at(-1)!;
  const { observationSize, actionCount } = shape;
  const observation = given ?? arena.f32(observationSize * columns);
  const normalized = arena.f32(parameters.inputNorm === null ? 0 : observationSize * columns);
  const outputs = parameters.layers.map((layer) => arena.f32(layer.outputs * columns));
  const q = arena.f32(actionCount * columns);
  const regions = { observation, normalized, outputs, q };
  const forwards = chosen.map((width) => {
    const forward = recordActing(regions, shape, parameters, base, width);
    return { width, forward, program: arena.bytes(forward.bytes) };
  });
  return { columns, ...regions, forwards, episodes: arena.bytes(episodeBytes * columns) };
}

/** Records a forward pass in evaluation mode for `width` observations (observationSize, width). */
function recordActing(
  regions: Pick<ActingPlan, "normalized" | "observation" | "outputs" | "q">,
  shape: NetworkShape,
  { inputNorm, layers }: ParameterLayout,
  base: number,
  width: number,
): Recording {
  const { normalized, observation, outputs, q } = regions;
  const program = new Recording();
  let inputPtr = observation.offset;
  if (inputNorm !== null) {
    inputPtr = normalized.offset;
    recordNormalize(program, inputNorm, inputPtr, observation.offset, base, shape, width);
  }
  layers.forEach(({ activation, bias, inputs, lowerBound, norm, outputs: count, weight }, k) => {
    const toQ = k === layers.length - 1 && !shape.dueling;
    const outputPtr = (toQ ? q : outputs[k]!).offset;
    const pointers = [outputPtr, inputPtr, base + weight, base + bias] as const;
    const floor = norm === null ? lowerBound : -Infinity;
    if (width === 1) program.call("denseForwardOne", ...pointers, count, inputs, floor);
    else program.call("denseForward", ...pointers, count, inputs, width, floor);
    if (norm !== null) {
      // biome-ignore format: outputs, inputs, statistics, shape, scalars
      program.call("batchNormEvaluate",
        outputPtr,
        outputPtr, base + norm.scale, base + norm.shift,
        base + norm.runningMean, base + norm.runningVariance,
        count, width,
        normEpsilon, lowerBound,
      );
    }
    if (activation === "tanh") program.call("tanhForward", outputPtr, count * width);
    inputPtr = outputPtr;
  });
  if (!shape.dueling) return program;
  if (width === 1) program.call("duelingForwardOne", q.offset, inputPtr, shape.actionCount);
  else program.call("duelingForward", q.offset, inputPtr, shape.actionCount, width);
  return program;
}
