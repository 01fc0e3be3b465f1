// The generated parts of docs/command-line.md.
import type { Argument, Command, Option } from "commander";
import { examples } from "../../src/cli/helpEndings.ts";
import { makeProgram } from "../../src/cli/program.ts";
import { type ConfigKey, defaults, kindOf } from "../../src/config/config.ts";
import { writeText } from "../../src/config/configText.ts";
import { parameterGroups, parameterHelp } from "../../src/config/help.ts";
import type { Kind } from "../../src/config/schema.ts";

/** All commands but `help`, in the order of the help. */
const { commands: all } = await makeProgram("");
export const commands: readonly Command[] = all.filter((command) => command.name() !== "help");

const cell = (text: string) => text.replaceAll("|", "\\|");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)];
}

/** Whether an option is a hyperparameter: those have separate tables. */
const isHyperparameter = ({ helpGroupHeading }: Option) => helpGroupHeading !== undefined;

function argumentText(argument: Argument): string {
  const text = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? `<${text}>` : `[${text}]`;
}

/** A default that the code computes is in the description, as "(default: one a core)". */
function optionRow({ defaultValue, description, flags, mandatory }: Option): string[] {
  const [, text = "", computed = ""] = /^(.*?)(?: \(default: (.*)\))?$/.exec(description) ?? [];
  const value = defaultValue === undefined ? computed : `\`${String(defaultValue)}\``;
  return [`\`${flags}\``, text, mandatory ? "required" : value];
}

function commandPart(command: Command): string[] {
  const { options, registeredArguments } = command;
  const usage = ["npx wasm-dqn", command.name(), ...registeredArguments.map(argumentText)];
  const own = options.filter((option) => !isHyperparameter(option));
  const more =
    options.length > own.length ? "All [hyperparameters](#hyperparameters) are flags too." : "";
  const rows = [
    ...registeredArguments.map((argument) => [
      `\`${argumentText(argument)}\``,
      argument.description,
      "",
    ]),
    ...own.map(optionRow),
    ["`-h, --help`", "show this help", ""],
  ];
  return [
    `### ${command.name()}`,
    `\`${usage.join(" ")}\`: ${command.description()}.`,
    table(["argument or flag", "meaning", "default"], rows).join("\n"),
    ...(more === "" ? [] : [more]),
    ["```sh", `npx ${examples[command.name()]}`, "```"].join("\n"),
  ];
}

/** The values that a kind allows. */
function allowed(kind: Kind): string {
  const none = kind.nullable ? " or `none`" : "";
  if (kind.kind === "choice")
    return kind.options.map((option) => `\`${option}\``).join(", ") + none;
  if (kind.kind === "boolean") return `\`true\`, \`false\`${none}`;
  if (kind.kind === "text") return `text${none}`;
  const { above, below, max = Infinity, min, whole } = kind;
  const noun = whole ? "whole number" : "number";
  const bounded = max < Number.MAX_SAFE_INTEGER;
  const bounds = [
    ...(min !== undefined && bounded ? [`from ${min} to ${max}`] : []),
    ...(min !== undefined && !bounded ? [`at least ${min}`] : []),
    ...(above === undefined ? [] : [`greater than ${above}`]),
    ...(min === undefined && bounded ? [`at most ${max}`] : []),
    ...(below === undefined ? [] : [`less than ${below}`]),
  ];
  const list = kind.kind === "list" ? `up to ${kind.most} of: ` : "";
  return `${list}${[noun, ...bounds].join(", ")}${none}`;
}

const kebab = (key: string) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function groupPart([title, group]: readonly [string, object]): string[] {
  const rows = (Object.keys(group) as ConfigKey[]).map((key) => [
    `\`--${kebab(key)}\``,
    allowed(kindOf(key)),
    `\`${writeText(defaults[key])}\``,
    parameterHelp[key],
  ]);
  return [`### ${title}`, table(["flag", "values", "default", "meaning"], rows).join("\n")];
}

/** Contents of the page by the names of their markers. */
export const generated: Readonly<Record<string, string>> = {
  commands: commands.flatMap(commandPart).join("\n\n"),
  hyperparameters: Object.entries(parameterGroups).flatMap(groupPart).join("\n\n"),
};

/** The page with its generated parts written again. Each is between `<!-- name -->` and `<!-- end of name -->`. */
export function regenerate(page: string): string {
  return Object.entries(generated).reduce((text, [name, part]) => {
    const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
    const [before, rest, ...more] = text.split(start);
    const after = rest?.split(end)[1];
    if (after === undefined || more.length > 0)
      throw new Error(`The page needs ${start} and ${end}, once.`);
    return `${before}${start}\n\n${part}\n\n${end}${after}`;
  }, page);
}
