import type { Training } from "../../dqn/training.ts";
import { isBuiltIn } from "../../environments/registry.ts";
import { reasonOf } from "../../errors.ts";
import { readPolicy } from "../../formats/policy.ts";
import { findGame } from "../../games/builtInGames.ts";
import { supportsWasm } from "../../kernels/core.ts";
import { findProblem } from "../../runs/record.ts";
import { differenceText, verifyPolicy } from "../../runs/verifyPolicy.ts";

/** A policy file to train again. */
export interface CheckRequest {
  readonly bytes: Uint8Array;
  readonly file: string;
  /** Whether the file must also keep the rules of the records. */
  readonly isRecord: boolean;
}

/** Progress in environment steps, or the result: null if the check succeeds, else a sentence. */
export type CheckResponse = { readonly steps: number } | { readonly problem: string | null };

const backend = supportsWasm() ? "wasm" : "js";
const onSlice = ({ steps }: Training) => postMessage({ steps } satisfies CheckResponse);

async function check({ bytes, file, isRecord }: CheckRequest): Promise<string | null> {
  if (backend === "js") await import("../../kernels/registerJsKernels.ts");
  if (isRecord) return findProblem(bytes, file, { backend, onSlice });
  const { hash, id } = readPolicy(bytes, file).description.environment;
  if (hash !== undefined || !(isBuiltIn(id) || findGame(id))) {
    return `${file} was trained in your own environment: use wasm-dqn verify --env.`;
  }
  const environment = findGame(id);
  const result = await verifyPolicy(bytes, file, { backend, environment, onSlice });
  return result.matches ? null : differenceText(result);
}

addEventListener("message", async ({ data }: MessageEvent<CheckRequest>) => {
  const problem = await check(data).catch(reasonOf);
  postMessage({ problem } satisfies CheckResponse);
});
