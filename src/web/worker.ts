import { serveTrainer } from "../trainer/serveTrainer.ts";

serveTrainer();
