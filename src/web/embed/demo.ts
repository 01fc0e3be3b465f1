// The custom element <wasm-dqn-demo> and its worker. The build makes one function of this file with all that it imports, see
// vite.config.ts. It runs as a classic script, as a module and in the worker.
import { serveTrainer } from "../../browserTrainer/serveTrainer.ts";
import { findGame } from "../../games/builtInGames.ts";
import { defineDemo } from "./demoElement.ts";

if ("document" in globalThis) defineDemo();
else serveTrainer(findGame(self.name));
