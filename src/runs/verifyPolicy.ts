import { runSlices } from "../dqn/runSlices.ts";
import { Training } from "../dqn/training.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { isBuiltIn } from "../environments/registry.ts";
import {
  refuseMissingEnvironment,
  refuseOtherEnvironment,
} from "../formats/environmentIdentity.ts";
import { blameFile } from "../formats/fileValues.ts";
import { readPolicy, weightsSha256 } from "../formats/policy.ts";
import { fillTensors } from "../formats/policyNetwork.ts";
import { readOrigin } from "../formats/policyOrigin.ts";
import type { Backend } from "../kernels/kernels.ts";
import type { NamedTensor } from "../network/namedTensor.ts";
import { count } from "../numberText.ts";

export interface VerifyOptions {
  readonly backend: Backend;
  /** Environment of the policy, if it is not built in. */
  readonly environment?: EnvironmentSpec | undefined;
  /** Called after each slice of the training. */
  readonly onSlice?: (training: Training) => void;
}

/** Result of training a policy again. */
export interface Verification {
  readonly matches: boolean;
  /** Step at which the policy was saved. */
  readonly steps: number;
  /** SHA-256 of the file's weights. */
  readonly stored: string;
  /** SHA-256 of the trained weights: equal to `stored` if they match. */
  readonly trained: string;
  /** The run, at the end of the step at which the policy was saved. */
  readonly training: Training;
}

/**
 * Trains the run of a policy file again, up to the step at which the policy was saved, and compares the weights bit for bit.
 * @param name name of the file in messages
 * @throws RunError if the file is damaged or cannot be verified
 */
export async function verifyPolicy(
  bytes: Uint8Array,
  name: string,
  { backend, environment, onSlice = () => {} }: VerifyOptions,
): Promise<Verification> {
  const { config, steps, updates } = readOrigin(bytes, name);
  const { description, tensors } = readPolicy(bytes, name);
  const identity = description.environment;
  if (environment !== undefined) refuseOtherEnvironment(identity, environment, name);
  else if (!isBuiltIn(identity.id)) refuseMissingEnvironment(identity.id, name);

  let stored: readonly NamedTensor[] = [];
  let matches = false;
  // A policy may be saved between two updates, or by an observer of an episode or an evaluation. With normalised observations, the
  // weights differ between these moments of a step, so each of them is compared.
  const compare = () => {
    const isMoment = training.steps === steps && training.agent.updates === updates;
    if (isMoment && !matches) matches = isEqual(training.weights(), stored);
  };
  const observer = { episode: compare, evaluation: compare };
  const training = blameFile(
    name,
    () => new Training({ ...config, backend }, observer, environment),
  );
  stored = training
    .weights()
    .map((tensor) => ({ ...tensor, values: new Float32Array(tensor.values.length) }));
  fillTensors(stored, tensors, name);

  const stop = () => {
    compare();
    const { agent, state } = training;
    const isOver = state.steps > steps || agent.updates > updates;
    return isOver || (state.steps === steps && !state.midStep);
  };
  // Runs of `--on-divergence continue` have policies too.
  await runSlices(training, { mayDiverge: true, stop, onSlice: () => onSlice(training) });
  compare();
  const sum = await weightsSha256(stored);
  const trained = matches ? sum : await weightsSha256(training.weights());
  return { matches, steps, stored: sum, trained, training };
}

/** Sentence on a policy whose weights do not agree. */
export function differenceText({ steps, stored, trained, training }: Verification): string {
  const end = training.steps < steps ? ` The run ends at step ${count(training.steps)}.` : "";
  return `The weights differ: ${stored} stored, ${trained} trained.${end}`;
}

/** Whether the numbers of two lists of tensors with the same shapes have the same bits. */
function isEqual(some: readonly NamedTensor[], others: readonly NamedTensor[]): boolean {
  return some.every(({ values }, k) =>
    values.every((value, at) => Object.is(value, others[k]!.values[at])),
  );
}
