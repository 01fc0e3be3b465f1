import { defaultText, rangeText, typeText } from "../../src/build/parameterText.ts";
import type { ConfigKey } from "../../src/config/config.ts";
import { parameterGroups } from "../../src/config/help.ts";
import { parameters } from "../../src/config/parameters.ts";

function row(key: ConfigKey): string {
  const type = typeText(key).replace("readonly ", "").replaceAll("|", "\\|");
  const { help } = parameters[key];
  return `| \`${key}\` | \`${type}\` | ${rangeText(key)} | \`${defaultText(key)}\` | ${help} |`;
}

/** The hyperparameters as Markdown tables, one for each group, as docs/api.md has them. */
export const configTables = Object.entries(parameterGroups)
  .map(([title, group]) =>
    [
      `#### ${title}`,
      "",
      "| hyperparameter | type | range | default | meaning |",
      "|---|---|---|---|---|",
      ...(Object.keys(group) as ConfigKey[]).map(row),
    ].join("\n"),
  )
  .join("\n\n");
