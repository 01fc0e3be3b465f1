// Entry of a worker thread, see pool.ts: reports that it is ready, then answers each trial with its result.
import { parentPort, workerData } from "node:worker_threads";
import { loadEnvironments } from "../environments/environmentModule.ts";
import { trialFolder } from "./keptTrial.ts";
import type { ThreadSetting, TrialAnswer, TrialOrder } from "./pool.ts";
import { runTrial, type TrialEnd } from "./runTrial.ts";

const { keep, modules } = workerData as ThreadSetting;
const environments = await loadEnvironments(modules);

parentPort?.on("message", async ({ checkpoint, trial }: TrialOrder) => {
  const folder = keep === null ? null : trialFolder(keep, trial);
  let end: TrialEnd = { trainedSteps: 0, checkpoint: null };
  const onEnd = (ended: TrialEnd) => {
    end = ended;
  };
  const result = await runTrial(trial, { environments, folder, checkpoint, onEnd });
  const answer: TrialAnswer = { ...end, result };
  parentPort?.postMessage(answer, end.checkpoint === null ? [] : [end.checkpoint.buffer]);
});
parentPort?.postMessage("ready");
