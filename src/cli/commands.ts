import type { Command } from "commander";

interface CommandEntry {
  /** Loads the command. The others stay unloaded, so a training run starts without their packages. */
  readonly load: () => Promise<(program: Command) => void>;
  /** Whether the command computes for long or runs a user's environment. It then runs in its own thread, see `supervise`. */
  readonly ownThread: boolean;
}

/** All commands, in the order of the help. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  train: { load: async () => (await import("./train.ts")).addTrainCommand, ownThread: true },
  evaluate: {
    load: async () => (await import("./evaluate.ts")).addEvaluateCommand,
    ownThread: true,
  },
  verify: { load: async () => (await import("./verify.ts")).addVerifyCommand, ownThread: true },
  random: { load: async () => (await import("./random.ts")).addRandomCommand, ownThread: true },
  play: { load: async () => (await import("./play.ts")).addPlayCommand, ownThread: true },
  plot: { load: async () => (await import("./plot.ts")).addPlotCommand, ownThread: true },
  export: { load: async () => (await import("./export.ts")).addExportCommand, ownThread: true },
  recipes: { load: async () => (await import("./recipes.ts")).addRecipesCommand, ownThread: false },
  explain: { load: async () => (await import("./explain.ts")).addExplainCommand, ownThread: true },
  sweep: { load: async () => (await import("./sweep.ts")).addSweepCommand, ownThread: false },
  worker: { load: async () => (await import("./worker.ts")).addWorkerCommand, ownThread: false },
  bench: { load: async () => (await import("./bench.ts")).addBenchCommand, ownThread: false },
};

/** The command with this name; undefined for an unknown name. */
export function findCommand(name: string): CommandEntry | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}
