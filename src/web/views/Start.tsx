import { parsePartial } from "../../config/config.ts";
import { readText } from "../../config/configText.ts";
import { attempt, choice, go, session, tab } from "../state/app.ts";
import { Field } from "./Advanced.tsx";

/** Selects a preset, the seed, the layers, and the batch size or the copies of the environment. Each starts a new run. */
export function Start() {
  const run = session.run.value;
  if (run === null) return null;
  const { presets } = tab.value;
  const { changes: now, recipe: current } = choice.value;
  const { algorithm } = run.config.value;
  const chosen = presets.findIndex(({ recipe }) => recipe === current);
  return (
    <div class="row">
      <label>
        Preset{" "}
        <select
          id="recipe"
          value={String(chosen)}
          onChange={({ currentTarget }) => {
            const { changes = {}, recipe } = presets[Number(currentTarget.value)]!;
            attempt(() => go({ recipe, changes }));
          }}
        >
          {presets.map(({ name, recipe }, k) => (
            <option key={recipe} value={String(k)}>
              {name}
            </option>
          ))}
          {chosen < 0 && <option value="-1">{current}</option>}
        </select>
      </label>
      <label>
        Seed{" "}
        <input
          id="seed"
          inputMode="numeric"
          autocomplete="off"
          size={10}
          value={String(run.trainer.config.seed)}
          onChange={({ currentTarget }) => {
            const asked = readText("seed", currentTarget.value.trim());
            if (asked === run.trainer.config.seed) return;
            currentTarget.value = String(run.trainer.config.seed);
            attempt(() => {
              const values = parsePartial({ seed: asked }, "");
              return go({ recipe: current, changes: { ...now, ...values } });
            });
          }}
        />
      </label>
      {(["hiddenSizes", algorithm === "pqn" ? "numEnvs" : "batchSize"] as const).map((name) => (
        <Field key={name} name={name} run={run} prefix="main-" />
      ))}
      <span class="help">
        A change here starts a new run. The sliders above change the current run.
      </span>
    </div>
  );
}
