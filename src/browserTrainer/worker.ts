// Module `wasm-dqn/worker`: import it in your worker file. build/browser/worker.js is the same for the browser build.
import { serveTrainer } from "./serveTrainer.ts";

serveTrainer();
