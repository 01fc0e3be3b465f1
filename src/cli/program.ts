import { Command, CommanderError } from "commander";
import { RunError, reasonOf, UsageError } from "../errors.ts";
import { packageVersion } from "../runs/packageVersion.ts";

/** Loads each command only where it is needed: a training run starts without the packages of the others. */
const commands: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  train: async () => (await import("./train.ts")).addTrainCommand,
  evaluate: async () => (await import("./evaluate.ts")).addEvaluateCommand,
  random: async () => (await import("./random.ts")).addRandomCommand,
  play: async () => (await import("./play.ts")).addPlayCommand,
  plot: async () => (await import("./plot.ts")).addPlotCommand,
  export: async () => (await import("./export.ts")).addExportCommand,
  recipes: async () => (await import("./recipes.ts")).addRecipesCommand,
  sweep: async () => (await import("./sweep.ts")).addSweepCommand,
  worker: async () => (await import("./worker.ts")).addWorkerCommand,
  bench: async () => (await import("./bench.ts")).addBenchCommand,
};

/** Runs the command that the arguments name. Returns the exit code; an error becomes a sentence. */
export async function runProgram(args: readonly string[]): Promise<number> {
  const program = new Command("wasm-dqn")
    .description("Deep Q-learning with a WebAssembly SIMD core.")
    .version(packageVersion(), "-V, --version", "show the version")
    .helpOption("-h, --help", "show this help");
  const [name = ""] = args;
  const needed = Object.hasOwn(commands, name) ? [commands[name]!] : Object.values(commands);
  for (const add of await Promise.all(needed.map((load) => load()))) add(program);
  addHelpCommand(program);
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      outputError: (text, write) =>
        write(
          `wasm-dqn: ${text
            .replace(/^error: /, "")
            .trim()
            .replaceAll("\n", " ")}\n`,
        ),
    });
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return reportError(error);
  }
}

/** Replaces commander's own, which shows the usage for an unknown command and does not say why. */
function addHelpCommand(program: Command): void {
  program.command("help [command]").description("show the help of a command").action((name?: string) => {
    const found = program.commands.find((command) => command.name() === name);
    if (found === undefined && name !== undefined) program.error(`unknown command '${name}'`);
    (found ?? program).help();
  });
}

/** Prints what went wrong in a sentence. Returns the exit code: 2 for what was asked wrongly, 1 for what went wrong. */
export function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { message } = error instanceof UsageError ? error : new RunError(reasonOf(error));
  process.stderr.write(`wasm-dqn: ${message}\n`);
  return error instanceof UsageError ? 2 : 1;
}
