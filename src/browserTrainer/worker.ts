// What `wasm-dqn/worker` is: a page's own worker is a file that imports it. In a browser build/browser/worker.js does the same.
import { serveTrainer } from "./serveTrainer.ts";

serveTrainer();
