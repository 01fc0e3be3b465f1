import { serveTrainer } from "../browserTrainer/serveTrainer.ts";
import { gameAmong, plainGames } from "../games/plainGames.ts";

// The worker's name is the environment. The built-in ones are part of the trainer.
serveTrainer(gameAmong(plainGames, self.name));
