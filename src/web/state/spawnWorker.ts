import { isBuiltIn } from "../../environments/registry.ts";
import type { Backend } from "../../kernels/kernels.ts";
import { scriptUrl } from "../scriptUrl.ts";

/** Starts a worker that trains in the environment `env`. The build puts its file beside the page. */
export function spawnWorker(env: string, backend: Backend = "wasm"): Worker {
  const file = backend === "js" ? "jsWorker.js" : isBuiltIn(env) ? "worker.js" : "gameWorker.js";
  const url = new URL(file, document.baseURI).href;
  return new Worker(scriptUrl(url), { type: "module", name: env });
}
