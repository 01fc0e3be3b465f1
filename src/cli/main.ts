#!/usr/bin/env node
import { findCommand } from "./commands.ts";
import { supervise } from "./supervisor.ts";

const args = process.argv.slice(2);
if (findCommand(args[0] ?? "")?.ownThread) supervise(args);
else {
  const { runInMainThread } = await import("./mainThreadCommand.ts");
  await runInMainThread(args);
}
