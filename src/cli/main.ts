#!/usr/bin/env node
import { supervise } from "./supervisor.ts";

/** Commands that compute in the thread they run in. The others keep the main thread free, or need few seconds. */
const computing = ["train", "evaluate", "random", "play"];

const args = process.argv.slice(2);
if (computing.includes(args[0] ?? "")) supervise(args);
else {
  const { runHere } = await import("./runHere.ts");
  await runHere(args);
}
