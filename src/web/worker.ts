import { serveTrainer } from "../browserTrainer/serveTrainer.ts";

serveTrainer();
