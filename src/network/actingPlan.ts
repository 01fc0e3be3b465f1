import { Recording } from "../kernels/program.ts";
import type { Arena, Region } from "./arena.ts";
import { type LayerMemory, planLayer, recordForward } from "./forward.ts";
import type { ParameterLayout } from "./parameterLayout.ts";

/** Widths for episodes in lockstep: 100 episodes are played in groups of 8, 24 and 68, and a batch is a multiple of 8. */
const LOCKSTEP_WIDTHS = [1, 8, 16, 24, 32, 40, 48, 56, 64, 72];

/** Memory of an `ActingNetwork`: observations, the outputs of each layer, and the Q-values, each (size, columns). */
export interface ActingPlan extends Pick<LayerMemory, "layers"> {
  /** Maximum number of observations at once. */
  readonly columns: number;
  readonly observation: Region;
  /** The last layer's output. */
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

/** @param parametersPtr byte offset of the network's parameters */
export function planActing(
  arena: Arena,
  parameters: ParameterLayout,
  parametersPtr: number,
  { episodeBytes = 0, widths, observation: given }: ActingOptions = {},
): ActingPlan {
  const chosen = widths ?? (episodeBytes > 0 ? LOCKSTEP_WIDTHS : [1]);
  const columns = chosen.at(-1)!;
  const observation = given ?? arena.f32(parameters.layers[0]!.layer.inputs * columns);
  const layers = parameters.layers.map(({ layer }) => planLayer(arena, layer, columns));
  const q = layers.at(-1)!.output;
  const pointers = { parametersPtr, inputPtr: observation.offset };
  const forwards = chosen.map((width) => {
    const forward = new Recording();
    recordForward(forward, { parameters, layers }, pointers, width);
    return { width, forward, program: arena.bytes(forward.bytes) };
  });
  return {
    columns,
    layers,
    observation,
    q,
    forwards,
    episodes: arena.bytes(episodeBytes * columns),
  };
}
