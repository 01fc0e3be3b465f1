import { serveTrainer } from "../../browserTrainer/serveTrainer.ts";

// Trains in the built-in environments, which are part of the trainer.
serveTrainer();
