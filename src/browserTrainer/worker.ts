// Module `wasm-dqn/worker`: import it in a worker file of your own. build/browser/worker.js is the same for the browser build.
import { serveTrainer } from "./serveTrainer.ts";

serveTrainer();
