import { serveTrainer } from "../browserTrainer/serveTrainer.ts";
import { minAtarGames } from "../games/minatar/minAtarGames.ts";
import { gameAmong } from "../games/plainGames.ts";

// Like worker.ts, for MinAtar's games, so that the other environments do not load them.
serveTrainer(gameAmong(minAtarGames, self.name));
