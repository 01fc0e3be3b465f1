// Entry of a worker thread, see pool.ts: reports that it is ready, then answers each trial with its result.
import { parentPort } from "node:worker_threads";
import { runTrial, type Trial } from "./trial.ts";

parentPort?.on("message", async (trial: Trial) => parentPort?.postMessage(await runTrial(trial)));
parentPort?.postMessage("ready");
