import { createTrainer, type Trainer } from "../../browserTrainer/trainer.ts";
import type { RecipeName } from "../../config/recipes.ts";
import { UsageError } from "../../errors.ts";
import { findGame } from "../../games/builtInGames.ts";
import { supportsWasm } from "../../kernels/core.ts";
import { scriptUrl } from "../startWorker.ts";
import { type Choice, environmentOf } from "../state/address.ts";

/** The function around this whole script. A worker runs its source, so it needs no second file. */
declare const wasmDqnDemo: () => void;

/** Starts a worker whose name is the environment. @throws any error if the page's Content-Security-Policy forbids it */
function spawnWorker(env: string): Worker {
  const url = URL.createObjectURL(new Blob([`(${wasmDqnDemo})()`], { type: "text/javascript" }));
  try {
    return new Worker(scriptUrl(url), { name: env });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * Creates the trainer of a choice: in a worker, or in slices on this thread if the page allows no worker. With the JavaScript kernels if
 * the page allows no WebAssembly.
 * @throws UsageError if the choice is invalid
 */
export async function createDemoTrainer(choice: Choice): Promise<Trainer> {
  const env = environmentOf(choice);
  const fallback = supportsWasm() ? {} : { backend: "js" as const };
  const options = { recipe: choice.recipe as RecipeName, ...choice.changes, ...fallback };
  try {
    return await createTrainer({ ...options, worker: spawnWorker(env) });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const environment = findGame(env);
    return createTrainer({ ...options, worker: false, ...(environment && { environment }) });
  }
}
