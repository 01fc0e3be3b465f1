import { environmentIds } from "../environments/registry.ts";
import { type Config, type ConfigKey, kindOf, parseConfig } from "../training/config.ts";
import { readText, writeText } from "../training/configText.ts";
import { parameterHelp } from "../training/help.ts";
import { recipeConfig } from "../training/recipes.ts";
import type { Choice } from "./address.ts";

/** The hyperparameters as the page groups them. Those that only matter for files on a disk are left out. */
export const groups: readonly (readonly [title: string, keys: readonly ConfigKey[]])[] = [
  ["Run", ["env", "backend", "totalSteps", "totalEpisodes"]],
  [
    "Environment",
    ["maxEpisodeSteps", "frameStack", "observationNoise", "forceNoise", "targetPosition"],
  ],
  ["Network", ["hiddenSizes", "activation", "outputActivation", "batchNorm", "dueling"]],
  [
    "Optimizer",
    [
      "loss",
      "huberBeta",
      "optimizer",
      "learningRate",
      "beta1",
      "beta2",
      "rmspropAlpha",
      "optimizerEpsilon",
      "momentum",
      "maxGradValue",
      "maxGradNorm",
    ],
  ],
  [
    "Learning",
    [
      "gamma",
      "doubleQ",
      "nSteps",
      "batchSize",
      "learningStarts",
      "trainFrequency",
      "trainFrequencyUnit",
      "gradientSteps",
      "updatePerTransition",
    ],
  ],
  [
    "Replay",
    [
      "bufferSize",
      "prioritized",
      "priorityAlpha",
      "priorityBeta",
      "priorityBetaSteps",
      "priorityEpsilon",
    ],
  ],
  ["Target network", ["targetUpdateInterval", "targetUpdateUnit", "tau"]],
  [
    "Exploration",
    [
      "explorationInitialEps",
      "explorationFinalEps",
      "explorationSchedule",
      "explorationUnit",
      "explorationStart",
      "explorationSteps",
      "explorationFactor",
      "explorationAction",
    ],
  ],
  ["Rewards", ["rewardScale", "failureReward", "timeLimitTerminal"]],
  ["Ending", ["solvedBy", "solvedThreshold", "evalEvery", "evalEpisodes", "greedyEpisodes"]],
];

/** `learningRate` -> `learning rate` */
function words(key: string): string {
  return key.replace(/[A-Z]+/g, (letters) => ` ${letters.toLowerCase()}`);
}

type Field = HTMLInputElement | HTMLSelectElement;

/** A form of every hyperparameter, made of the command line's own schema and help. */
export class Settings {
  readonly #fields = new Map<ConfigKey, { field: Field; error: HTMLElement }>();
  readonly #onChange: (changes: Partial<Config>) => void;
  #choice: Choice = { recipe: "", changes: {} };

  /** @param onChange told of every change that makes a proper configuration, with all that differs from the recipe */
  constructor(form: HTMLElement, onChange: (changes: Partial<Config>) => void) {
    this.#onChange = onChange;
    for (const [title, keys] of groups) {
      const group = document.createElement("fieldset");
      const legend = document.createElement("legend");
      legend.textContent = title;
      group.append(legend, ...keys.map((key) => this.#row(key)));
      form.append(group);
    }
  }

  #row(key: ConfigKey): HTMLElement {
    const { nullable } = kindOf(key);
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
    help.textContent = parameterHelp[key] + (nullable ? "; or none" : "");
    error.id = `error-${key}`;
    error.className = "error";
    field.setAttribute("aria-describedby", `${help.id} ${error.id}`);
    field.addEventListener("change", () => this.#changed(key));
    row.className = "field";
    row.append(label, field, help, error);
    this.#fields.set(key, { field, error });
    return row;
  }

  /** Shows a run's values, unless it is the run this form itself has asked for: somebody may be typing. */
  show(choice: Choice, config: Config): void {
    if (choice.changes === this.#choice.changes && choice.recipe === this.#choice.recipe) return;
    this.#choice = choice;
    for (const [key, { field }] of this.#fields) {
      if (field instanceof HTMLInputElement && field.type === "checkbox") {
        field.checked = config[key] === true;
      } else field.value = writeText(config[key]);
    }
    this.#mark(null, "");
  }

  #changed(key: ConfigKey): void {
    const { changes, recipe } = this.#choice;
    const { field } = this.#fields.get(key)!;
    const checkbox = field instanceof HTMLInputElement && field.type === "checkbox";
    const value = checkbox ? field.checked : readText(key, field.value.trim());
    const changed = { ...changes, [key]: value };
    try {
      parseConfig({ ...recipeConfig(recipe), ...changed });
    } catch (error) {
      this.#mark(key, error instanceof Error ? error.message : String(error));
      return;
    }
    this.#mark(null, "");
    this.#choice = { recipe, changes: changed };
    this.#onChange(changed);
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
    select.append(...options.map((option) => new Option(option)));
    return select;
  }
  const input = document.createElement("input");
  input.type = kind.kind === "boolean" ? "checkbox" : "text";
  input.autocomplete = "off";
  input.spellcheck = false;
  return input;
}
