#!/usr/bin/env node
import { isWorkingDirectoryDeleted } from "../files/fileError.ts";
import { findCommand } from "./commands.ts";
import { supervise } from "./supervisor.ts";

const args = process.argv.slice(2);
// Node cannot start a thread in a deleted working directory.
if (findCommand(args[0] ?? "")?.ownThread && !isWorkingDirectoryDeleted()) supervise(args);
else {
  const { runInMainThread } = await import("./mainThreadCommand.ts");
  await runInMainThread(args);
}
