import { isMinAtar } from "../tabs.ts";

/** Starts a worker that trains in the environment `env`. The build puts its file beside the page. */
export function spawnWorker(env: string): Worker {
  const file = isMinAtar(env) ? "minAtarWorker.js" : "worker.js";
  return new Worker(new URL(file, document.baseURI), { type: "module", name: env });
}
