import { type Config, type ConfigKey, kindOf, parseConfig } from "../config/config.ts";
import { readText, writeText } from "../config/configText.ts";
import { parameterGroups, parameterHelp } from "../config/help.ts";
import { recipeConfig } from "../config/recipes.ts";
import { environmentIds } from "../environments/registry.ts";
import { reasonOf } from "../errors.ts";
import { supportsWasm } from "../kernels/core.ts";
import type { Choice } from "./address.ts";

/** Keys without a field: the seed has one elsewhere on the page, the others only affect files on a disk. */
const hidden = ["seed", ...Object.keys(parameterGroups.Logging)];

/** Groups of hyperparameters on the page. */
export const groups = Object.entries(parameterGroups).flatMap(([title, table]) => {
  const keys = (Object.keys(table) as ConfigKey[]).filter((key) => !hidden.includes(key));
  return keys.length === 0 ? [] : [{ title, keys }];
});

/** `learningRate` -> `learning rate` */
function words(key: string): string {
  return key.replace(/[A-Z]+/g, (letters) => ` ${letters.toLowerCase()}`);
}

type Field = HTMLInputElement | HTMLSelectElement;

/** The form of all hyperparameters, made from the same table and help as the command line's flags. */
export class Settings {
  readonly #fields = new Map<ConfigKey, { field: Field; error: HTMLElement }>();
  readonly #onChange: (changes: Partial<Config>) => Promise<void>;
  #choice: Choice = { recipe: "", changes: {} };
  /** The last requested choice. If it arrives, the fields stay as they are: the user may already be typing. */
  #asked: Partial<Config> | null = null;

  /** @param onChange receives each valid choice: the recipe and the values that differ from it. It throws if the run cannot be created. */
  constructor(form: HTMLElement, onChange: (changes: Partial<Config>) => Promise<void>) {
    this.#onChange = onChange;
    for (const { keys, title } of groups) {
      const group = document.createElement("fieldset");
      const legend = document.createElement("legend");
      legend.textContent = title;
      group.append(legend, ...keys.map((key) => this.#row(key)));
      form.append(group);
    }
  }

  #row(key: ConfigKey): HTMLElement {
    const row = document.createElement("div");
    const label = document.createElement("label");
    const help = document.createElement("p");
    const error = document.createElement("p");
    const field = makeField(key);
    field.id = `field-${key}`;
    label.htmlFor = field.id;
    label.textContent = words(key);
    help.id = `help-${key}`;
    help.className = "help";
    help.textContent = parameterHelp[key];
    error.id = `error-${key}`;
    error.className = "error";
    field.setAttribute("aria-describedby", `${help.id} ${error.id}`);
    field.addEventListener("change", () => this.#changed(key));
    row.className = "field";
    row.append(label, field, help, error);
    this.#fields.set(key, { field, error });
    return row;
  }

  /** Shows the values of the current run. */
  show(choice: Choice, config: Config): void {
    this.#choice = choice;
    if (choice.changes === this.#asked) return;
    for (const [key, { field }] of this.#fields) {
      if (field instanceof HTMLInputElement && field.type === "checkbox") {
        field.checked = config[key] === true;
      } else field.value = writeText(config[key]);
    }
    this.#mark(null, "");
  }

  /** Validates all fields. A wrong field stays marked until it, or the field it conflicts with, is corrected. */
  #changed(key: ConfigKey): void {
    const { changes, recipe } = this.#choice;
    const given = recipeConfig(recipe);
    const all: Record<string, unknown> = { ...changes };
    for (const [each, { field }] of this.#fields) {
      const checkbox = field instanceof HTMLInputElement && field.type === "checkbox";
      const value = checkbox ? field.checked : readText(each, field.value.trim());
      if (String(value) === String(given[each])) delete all[each];
      else all[each] = value;
    }
    const refused = (error: unknown) => {
      const message = reasonOf(error);
      const named = /^\w+/.exec(message)?.[0] as ConfigKey;
      this.#mark(this.#fields.has(named) ? named : key, message);
    };
    try {
      parseConfig({ ...given, ...all });
      this.#asked = all as Partial<Config>;
    } catch (error) {
      refused(error);
      return;
    }
    this.#mark(null, "");
    this.#onChange(this.#asked).catch(refused);
  }

  #mark(wrong: ConfigKey | null, message: string): void {
    for (const [key, { error, field }] of this.#fields) {
      error.textContent = key === wrong ? message : "";
      if (key === wrong) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  }
}

function makeField(key: ConfigKey): Field {
  const kind = kindOf(key);
  const options = kind.kind === "choice" ? kind.options : key === "env" ? environmentIds : null;
  if (options !== null) {
    const select = document.createElement("select");
    const offered = options.filter((option) => option !== "wasm-fma" || supportsWasm(option));
    select.append(...offered.map((option) => new Option(option)));
    return select;
  }
  const input = document.createElement("input");
  input.type = kind.kind === "boolean" ? "checkbox" : "text";
  input.autocomplete = "off";
  input.spellcheck = false;
  return input;
}
