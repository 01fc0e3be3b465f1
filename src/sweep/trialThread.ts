// Entry of a worker thread, see pool.ts: reports that it is ready, then answers each trial with its result.
import { parentPort, workerData } from "node:worker_threads";
import { loadEnvironments } from "../environments/environmentModule.ts";
import { trialFolder } from "./keptTrial.ts";
import type { ThreadSetting } from "./pool.ts";
import { runTrial } from "./runTrial.ts";
import type { Trial } from "./trial.ts";

const { keep, modules } = workerData as ThreadSetting;
const environments = await loadEnvironments(modules);

parentPort?.on("message", async (trial: Trial) => {
  const folder = keep === null ? null : trialFolder(keep, trial);
  parentPort?.postMessage(await runTrial(trial, { environments, folder }));
});
parentPort?.postMessage("ready");
