// Entry of a pool's worker thread: says that it is ready, then answers each trial with its result.
import { parentPort } from "node:worker_threads";
import { runTrial, type Trial } from "./trial.ts";

parentPort?.on("message", async (trial: Trial) => parentPort?.postMessage(await runTrial(trial)));
parentPort?.postMessage("ready");
