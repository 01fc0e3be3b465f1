/** Starts a worker that trains in the environment `env`. The build puts its file beside the page. */
export function spawnWorker(env: string): Worker {
  return new Worker(new URL("worker.js", document.baseURI), { type: "module", name: env });
}
