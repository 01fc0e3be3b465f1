import { experiment, linkTo, tab } from "../state/app.ts";
import { experiments } from "./experiments.ts";
import { later } from "./later.tsx";

const ExperimentText = later(
  "experiment-place",
  async () => (await import("./ExperimentText.tsx")).ExperimentText,
);

const longEnough = { totalSteps: 30_000 };

/** Links to the guided experiments, and the text of the current one. */
export function Experiments() {
  if (tab.value.env !== "CartPole-v1") return null;
  const current = experiments.find(({ id }) => id === experiment.value);
  return (
    <section id="experiments" aria-labelledby="experiments-title">
      <h2 id="experiments-title">Try</h2>
      <ul class="links">
        {experiments.map(({ changes, id, name }) => (
          <li key={id}>
            <a
              href={linkTo({ recipe: "solve", changes: { ...longEnough, ...changes } }, id)}
              aria-current={id === current?.id ? "true" : undefined}
            >
              {name}
            </a>
          </li>
        ))}
      </ul>
      {current !== undefined && <ExperimentText />}
    </section>
  );
}
