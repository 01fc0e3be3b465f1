// Modules `wasm-dqn/policy` and `wasm-dqn/grid-policy`: act with a saved policy, without training code. build/browser/policy.js is this
// file with all that it imports except convolutions and layer normalisation, at most 5,000 bytes gzipped.
import type { EnvironmentIdentity } from "../environments/environmentSpec.ts";
import type { LegalActions } from "../environments/legalActions.ts";
import { refuseUnless } from "../errors.ts";
import { activationKernels } from "../kernels/js/activation.ts";
import { batchNormKernels } from "../kernels/js/batchNorm.ts";
import { convolutionKernels } from "../kernels/js/convolution.ts";
import { denseKernels } from "../kernels/js/dense.ts";
import { duelingKernels } from "../kernels/js/dueling.ts";
import { gradientClipKernels } from "../kernels/js/gradientClip.ts";
import { layerNormKernels } from "../kernels/js/layerNorm.ts";
import { type Call, Recording, writeTables } from "../kernels/program.ts";
import { Arena, regionView } from "../network/arena.ts";
import { bestAction } from "../network/bestAction.ts";
import { planLayer, recordForward } from "../network/forward.ts";
import { tensorsOf } from "../network/namedTensor.ts";
import { layOutParameters } from "../network/parameterLayout.ts";
import {
  copyTensors,
  type PolicyNetwork,
  readNetwork,
  readPolicyIdentity,
} from "./policyNetwork.ts";

/** A policy that acts. It has no environment: it takes observations from the caller. */
class ActingPolicy {
  /** Environment that the policy was trained in: id, sizes, names of the actions. */
  readonly environment: EnvironmentIdentity;
  /** Numbers in an observation that `act` takes: those of `frameStack` observations of the environment. */
  readonly observationSize: number;
  /** Q-value of each action for the last observation. `act` overwrites them. */
  readonly qValues: Float32Array;
  readonly #input: Float32Array;
  readonly #kernels: Readonly<Record<string, (...args: readonly number[]) => void>>;
  readonly #calls: readonly Call[];

  /** Use `loadPolicy`. */
  constructor({ metadata, shape, tensors }: PolicyNetwork, name: string) {
    const arena = new Arena();
    const parameters = layOutParameters(shape);
    const network = arena.f32(parameters.length);
    const observation = arena.f32(shape.observationSize);
    const layers = parameters.layers.map(({ layer }) => planLayer(arena, layer, 1));
    const program = new Recording();
    const pointers = { parametersPtr: network.offset, inputPtr: observation.offset };
    recordForward(program, { parameters, layers }, pointers, 1);
    const buffer = new ArrayBuffer(arena.end);
    const f32 = new Float32Array(buffer);
    // #grids
    writeTables(buffer, program.tables);
    // #end
    copyTensors(tensorsOf(buffer, parameters, network), tensors);
    this.environment = readPolicyIdentity(metadata, shape, name);
    this.observationSize = shape.observationSize;
    this.qValues = regionView(buffer, layers.at(-1)!.output);
    this.#input = regionView(buffer, observation);
    this.#calls = program.calls;
    this.#kernels = {
      ...activationKernels(f32),
      ...batchNormKernels(f32),
      ...denseKernels(f32),
      ...duelingKernels(f32),
      ...gradientClipKernels(f32),
      // #grids
      ...convolutionKernels(f32, new Uint32Array(buffer)),
      ...layerNormKernels(f32),
      // #end
    };
  }

  /**
   * Returns the legal action with the highest Q-value for the observation. Ties go to the lowest action.
   * @throws UsageError if the observation or the mask has the wrong length, a number is not finite, or no action is legal
   */
  act(
    observation: ArrayLike<number>,
    options: { readonly legal?: LegalActions | null } = {},
  ): number {
    const { legal = null } = options;
    const input = this.#input;
    const actions = this.qValues.length;
    const { length } = Object(observation) as ArrayLike<number>;
    refuseUnless(length === input.length, "observation", `${input.length} numbers`, observation);
    for (let k = 0; k < length; k++) {
      const value = observation[k]!;
      input[k] = value;
      // Compared as a float32: a number above its range would become infinite.
      if (!Number.isFinite(input[k])) refuseUnless(false, `observation[${k}]`, "finite", value);
    }
    // A mask in the place of the options would be ignored.
    const fits = legal === null ? !("length" in options) : legal.length === actions;
    refuseUnless(fits, "legal", `${actions} values`, legal);
    for (const { args, kernel } of this.#calls)
      this.#kernels[kernel]!(...(args as readonly number[]));
    const action = bestAction(this.qValues, actions, 0, 1, legal);
    refuseUnless(action >= 0, "legal", "a mask with a legal action", legal);
    return action;
  }
}

/**
 * Loads a policy file.
 * @param name name of the file in messages
 * @throws RunError if it is damaged, of another version, or its weights are not finite
 */
export function loadPolicy(bytes: Uint8Array, name = "policy"): ActingPolicy {
  return new ActingPolicy(readNetwork(bytes, name), name);
}

export type { ActingPolicy };
