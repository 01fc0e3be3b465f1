#!/usr/bin/env node
import { isWorkingDirectoryDeleted } from "../files/fileError.ts";
import { supervise } from "./supervisor.ts";

/** Commands that compute in the thread they run in. The others keep the main thread free, or need few seconds. */
const computing = ["train", "evaluate", "random", "play"];

const args = process.argv.slice(2);
// In a deleted working directory Node starts no thread.
if (computing.includes(args[0] ?? "") && !isWorkingDirectoryDeleted()) supervise(args);
else {
  const { runHere } = await import("./runHere.ts");
  await runHere(args);
}
