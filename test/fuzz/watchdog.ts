import { Worker } from "node:worker_threads";

/** A case that takes so long is taken for one that never ends. */
const HANG_SECONDS = 60;

/** What the watching thread does: it ends the process, which nothing within a loop without end could, and says where it was. */
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
}, ${HANG_SECONDS * 1000}).unref();
`;

/** A thread that watches the cases of a loop go by. */
export class Watchdog {
  readonly #now: Int32Array;
  readonly #worker: Worker;

  constructor(title: string, seed: number) {
    const shared = new SharedArrayBuffer(4);
    this.#now = new Int32Array(shared);
    this.#worker = new Worker(source, { eval: true, workerData: { shared, title, seed } });
    this.#worker.unref();
  }

  /** A case begins. */
  see(number: number): void {
    Atomics.store(this.#now, 0, number + 1);
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
