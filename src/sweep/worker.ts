// What a worker thread of the pool does: one trial after another.
import { runTrial } from "./trial.ts";

export default runTrial;
