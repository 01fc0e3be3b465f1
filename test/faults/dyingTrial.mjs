// A worker thread for the pool. Some of its trials end the thread.
import { parentPort } from "node:worker_threads";

async function dyingTrial(trial) {
  if (trial.seed === 3) process.exit(7);
  if (trial.seed === 5) {
    const kept = [];
    for (;;) kept.push(new Array(100_000).fill(kept.length));
  }
  if (trial.seed === 7) {
    setTimeout(() => {
      throw new Error("thrown after the trial's own code had returned");
    });
    await new Promise(() => undefined);
  }
  return { result: { ...trial, error: "" }, trainedSteps: 0, checkpoint: null };
}

parentPort.on("message", async ({ trial }) => parentPort.postMessage(await dyingTrial(trial)));
parentPort.postMessage("ready");
