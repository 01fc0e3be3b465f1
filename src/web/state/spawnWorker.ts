/** Starts a worker that trains in the environment `env`. */
export function spawnWorker(env: string): Worker {
  return new Worker(new URL("../worker.ts", import.meta.url), { type: "module", name: env });
}
