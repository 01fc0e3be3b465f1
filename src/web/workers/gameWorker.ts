import { serveTrainer } from "../../browserTrainer/serveTrainer.ts";
import { findGame } from "../../games/builtInGames.ts";

// The worker's name is the environment.
serveTrainer(findGame(self.name));
