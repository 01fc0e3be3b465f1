import { signal } from "@preact/signals";
import {
  type Config,
  type ConfigChanges,
  type ConfigKey,
  kindOf,
  parseConfig,
} from "../../config/config.ts";
import { readText, writeText } from "../../config/configText.ts";
import { recipeConfig } from "../../config/recipes.ts";
import { reasonOf } from "../../errors.ts";
import { environmentOf } from "../state/address.ts";
import { attempt, fallback, go, session } from "../state/app.ts";
import { currentChoice, type Run } from "../state/session.ts";
import { inactiveReason } from "./inactiveReason.ts";
import { groups, helpText, words } from "./parameterFields.ts";

/** A text that the user has entered and that is not trained, because it is invalid. */
interface Draft {
  readonly text: string;
  readonly error: string;
}

const drafts = signal<ReadonlyMap<ConfigKey, Draft>>(new Map());
const sought = signal("");
/** Whether the form is open. Its many fields are made only then. */
const opened = signal(false);

/** Texts of the drafts and of `key`, as values. */
function valuesOf(key: ConfigKey, text: string): ConfigChanges {
  const texts = new Map([...drafts.value].map(([each, draft]) => [each, draft.text]));
  texts.set(key, text);
  return Object.fromEntries(
    [...texts].map(([each, value]) => [each, readText(each, value.trim())]),
  );
}

/**
 * Starts a run with the changed value, and with earlier invalid ones if they are valid together with it. Otherwise the value, or the
 * earlier ones, stay marked, and the run does not have them.
 */
async function change(run: Run, key: ConfigKey, text: string): Promise<void> {
  const others = [...drafts.value].filter(([each]) => each !== key);
  if (others.length === 0 && text.trim() === writeText(run.config.value[key])) {
    drafts.value = new Map();
    return;
  }
  const all = valuesOf(key, text);
  const one = { [key]: all[key] } as ConfigChanges;
  const next = new Map(drafts.value);
  const fits = (values: ConfigChanges): string => {
    try {
      parseConfig({ ...run.config.value, ...values });
      return "";
    } catch (error) {
      return reasonOf(error);
    }
  };
  const together = fits(all) === "";
  const problem = together ? "" : fits(one);
  if (together) next.clear();
  else if (problem === "") next.delete(key);
  else next.set(key, { text, error: problem });
  drafts.value = next;
  if (problem !== "") return;
  try {
    const { changes, recipe } = currentChoice(run);
    await go({ recipe, changes: { ...changes, ...(together ? all : one) } });
  } catch (error) {
    drafts.value = new Map(next).set(key, { text, error: reasonOf(error) });
  }
}

interface FieldProps {
  readonly name: ConfigKey;
  readonly run: Run;
  /** Start of the field's id: a hyperparameter may have two fields. */
  readonly prefix?: string;
}

/** A hyperparameter with its help. */
export function Field({ name, prefix = "", run }: FieldProps) {
  const { choice, config } = run;
  const kind = kindOf(name);
  const draft = drafts.value.get(name);
  const trained = writeText(config.value[name]);
  const usual = writeText(startOf(run)[name]);
  const inactive = inactiveReason(name, config.value);
  const set = (text: string) => attempt(() => change(run, name, text));
  const shared = {
    id: `${prefix}field-${name}`,
    "aria-describedby": `${prefix}help-${name} ${prefix}error-${name}`,
    "aria-invalid": draft === undefined ? undefined : ("true" as const),
  };
  return (
    <div class={`field${trained === usual ? "" : " changed"}${inactive === "" ? "" : " inactive"}`}>
      <label for={shared.id}>
        {words(name)}
        {trained !== usual && <small> preset: {usual}</small>}
      </label>
      {kind.kind === "choice" ? (
        <select
          {...shared}
          value={trained}
          onChange={({ currentTarget }) => set(currentTarget.value)}
        >
          {kind.options
            .filter(
              (option) =>
                option !== "wasm-fma" && !(option === "wasm" && fallback.backend === "js"),
            )
            .map((option) => (
              <option key={option}>{option}</option>
            ))}
        </select>
      ) : kind.kind === "boolean" ? (
        <input
          {...shared}
          type="checkbox"
          checked={trained === "true"}
          onChange={({ currentTarget }) => set(String(currentTarget.checked))}
        />
      ) : (
        <input
          {...shared}
          type="text"
          autocomplete="off"
          spellcheck={false}
          key={`${choice.recipe} ${trained}`}
          value={draft?.text ?? trained}
          onChange={({ currentTarget }) => set(currentTarget.value)}
        />
      )}
      <p id={`${prefix}help-${name}`} class="help">
        {helpText(name)}
        {inactive !== "" && <em> It has no effect: {inactive}.</em>}
      </p>
      <p id={`${prefix}error-${name}`} class="error">
        {draft !== undefined && `${draft.error} The run still has ${trained}.`}
      </p>
    </div>
  );
}

/** The configuration of the run's recipe, as the tab starts it. */
function startOf({ choice, tab }: Run): Config {
  const preset = tab.presets.find(({ recipe }) => recipe === choice.recipe);
  return { ...recipeConfig(choice.recipe), ...preset?.changes, ...fallback };
}

/** All hyperparameters, made from the same table and help as the command line's flags. A change starts a new run. */
export function Advanced() {
  const run = session.run.value;
  if (run === null) return null;
  const wanted = sought.value.toLowerCase().trim();
  const matches = (key: ConfigKey) =>
    wanted === "" || `${words(key)} ${key} ${helpText(key)}`.toLowerCase().includes(wanted);
  const restore = () => {
    drafts.value = new Map();
    const { choice, tab } = run;
    const preset = tab.presets.find(({ recipe }) => recipe === choice.recipe);
    const changes = { ...preset?.changes, env: environmentOf(choice), ...fallback };
    attempt(() => go({ recipe: choice.recipe, changes }));
  };
  return (
    <details
      id="advanced"
      open={opened.value}
      onToggle={({ currentTarget }) => {
        opened.value = currentTarget.open;
      }}
    >
      <summary>Advanced: all hyperparameters</summary>
      <div class="row">
        <label>
          Search{" "}
          <input
            id="search"
            type="search"
            value={sought.value}
            onInput={({ currentTarget }) => {
              sought.value = currentTarget.value;
            }}
          />
        </label>
        <button id="restore" type="button" onClick={restore}>
          Restore recipe
        </button>
        <span class="help">A change starts a new run. You can go back to the previous one.</span>
      </div>
      <form id="form" autocomplete="off" onSubmit={(event) => event.preventDefault()}>
        {groups.map(({ keys, title }) => {
          const shown = opened.value ? keys.filter(matches) : [];
          return (
            shown.length > 0 && (
              <fieldset key={title}>
                <legend>{title}</legend>
                {shown.map((key) => (
                  <Field key={key} name={key} run={run} />
                ))}
              </fieldset>
            )
          );
        })}
      </form>
    </details>
  );
}
