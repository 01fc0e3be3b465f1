import { isBuiltIn } from "../../environments/registry.ts";
import type { Backend } from "../../kernels/kernels.ts";
import { startWorker } from "../startWorker.ts";

/** Starts a worker that trains in the environment `env`. */
export function spawnWorker(env: string, backend: Backend = "wasm"): Worker {
  const file = backend === "js" ? "jsWorker.js" : isBuiltIn(env) ? "worker.js" : "gameWorker.js";
  return startWorker(file, env);
}
