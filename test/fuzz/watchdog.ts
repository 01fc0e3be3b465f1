import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** A case that takes longer counts as hanging. */
const HANG_SECONDS = 240;

/** Source of the watchdog thread. If the main thread loops forever, it names the case and kills the process. */
const source = `
const { workerData } = require("node:worker_threads");
const { writeSync } = require("node:fs");
const now = new Int32Array(workerData.shared);
let seen = -1;
setInterval(() => {
  const at = Atomics.load(now, 0);
  if (at === seen && at !== 0) {
    writeSync(2, "\\n" + workerData.title + " hangs in case " + (at - 1) + ", seed " + workerData.seed + "\\n");
    process.kill(process.pid, "SIGKILL");
  }
  seen = at;
}, ${HANG_SECONDS * 1000});
`;

/** Runs a loop that passes each case's number to `see`, while another thread watches for a hang. */
export async function watched(
  title: string,
  seed: number,
  loop: (see: (number: number) => void) => void | Promise<void>,
): Promise<void> {
  const shared = new SharedArrayBuffer(4);
  const now = new Int32Array(shared);
  const worker = new Worker(source, { eval: true, workerData: { shared, title, seed } });
  // The watchdog runs before the first case starts.
  await once(worker, "online");
  try {
    await loop((number) => Atomics.store(now, 0, number + 1));
  } finally {
    await worker.terminate();
  }
}
