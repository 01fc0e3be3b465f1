import { Command, CommanderError } from "commander";
import { RunError, reasonOf, UsageError } from "../errors.ts";
import { packageVersion } from "../runs/packageVersion.ts";
import { commands, findCommand } from "./commands.ts";
import { helpEnding } from "./helpEndings.ts";

/** Makes the program with the command `name`, or with all commands if there is none of this name. */
export async function makeProgram(name: string): Promise<Command> {
  const program = new Command("wasm-dqn")
    .description("Deep Q-learning with a WebAssembly SIMD core.")
    .version(packageVersion(), "-V, --version", "show the version")
    .helpOption("-h, --help", "show this help");
  const found = findCommand(name);
  const needed = found === undefined ? Object.values(commands) : [found];
  for (const add of await Promise.all(needed.map(({ load }) => load()))) add(program);
  for (const command of program.commands) command.addHelpText("after", helpEnding(command.name()));
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
  return program;
}

/** Runs the command that the arguments name. Prints an error as one sentence. Returns the exit code. */
export async function runProgram(args: readonly string[]): Promise<number> {
  const program = await makeProgram(args[0] ?? "");
  try {
    await program.parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return reportError(error);
  }
}

/** Replaces commander's help command, which names no error if the command is unknown. */
function addHelpCommand(program: Command): void {
  const command = program.command("help [command]").description("show the help of a command");
  command.action((name?: string) => {
    const found = program.commands.find((one) => one.name() === name);
    if (found === undefined && name !== undefined) program.error(`unknown command '${name}'`);
    (found ?? program).help();
  });
}

/** Prints an error as one sentence. Returns the exit code: 2 for a usage error, 1 for a failure. */
export function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { message } = error instanceof UsageError ? error : new RunError(reasonOf(error));
  process.stderr.write(`wasm-dqn: ${message}\n`);
  return error instanceof UsageError ? 2 : 1;
}
