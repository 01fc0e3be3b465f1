import { serveTrainer } from "../browserTrainer/serveTrainer.ts";
import { findGame } from "../games/builtInGames.ts";

// The worker's name is the environment. The built-in ones are part of the trainer.
serveTrainer(findGame(self.name));
