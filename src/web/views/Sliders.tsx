import { useComputed, useSignal } from "@preact/signals";
import type { Config } from "../../config/config.ts";
import type { LiveChanges } from "../../config/liveChanges.ts";
import { attempt, changeLive, session, shown } from "../state/app.ts";
import type { Run } from "../state/session.ts";
import { count } from "./numbers.ts";

/** A hyperparameter that changes while the run trains. Positions of the slider are whole numbers. */
interface Slider {
  readonly key: keyof LiveChanges;
  readonly name: string;
  readonly help: string;
  readonly least: number;
  readonly most: number;
  readonly valueAt: (position: number) => number;
  readonly positionOf: (value: number) => number;
}

const rounded = (value: number) => Number(value.toPrecision(2));

const sliders: readonly Slider[] = [
  {
    key: "learningRate",
    name: "learning rate",
    help: "How far an update moves the weights.",
    least: -50,
    most: 0,
    valueAt: (position) => rounded(10 ** (position / 10)),
    positionOf: (value) => Math.round(10 * Math.log10(value)),
  },
  {
    key: "gamma",
    name: "gamma",
    help: "What a reward is worth one step later.",
    least: 0,
    most: 60,
    // 1 - gamma from 1 to 0.001, and 1 at the end.
    valueAt: (position) => (position === 60 ? 1 : Number((1 - 10 ** (-position / 20)).toFixed(3))),
    positionOf: (value) =>
      value >= 1 ? 60 : Math.min(59, Math.round(-20 * Math.log10(1 - value))),
  },
  {
    key: "explorationFinalEps",
    name: "random actions",
    help: "Epsilon: the fraction of random actions. It falls by itself. The slider sets it at once.",
    least: 0,
    most: 100,
    valueAt: (position) => position / 100,
    positionOf: (value) => Math.round(100 * value),
  },
  {
    key: "targetUpdateInterval",
    name: "target update",
    help: "How often the target network becomes a copy of the network.",
    least: 0,
    most: 40,
    valueAt: (position) => Math.round(10 ** (position / 10)),
    positionOf: (value) => Math.min(40, Math.round(10 * Math.log10(value))),
  },
];

// Not `inactiveReason`: its code would load with the first screen.
const hasTarget = ({ algorithm, targetUpdateUnit }: Config) =>
  algorithm === "dqn" && targetUpdateUnit !== "none";

/** Text of a slider's value. @param falling whether epsilon still falls */
function textOf({ key }: Slider, value: number, run: Run, falling: boolean): string {
  if (key === "explorationFinalEps") {
    return `${falling ? "falls to " : ""}${Math.round(100 * value)}%`;
  }
  if (key !== "targetUpdateInterval") return String(value);
  const unit = run.config.value.targetUpdateUnit;
  if (!hasTarget(run.config.value)) return "no target network";
  return value === 1 ? `every ${unit}` : `every ${count.format(value)} ${unit}s`;
}

/** Sliders that change the run while it trains. */
export function Sliders() {
  const run = session.run.value;
  const config = run?.config.value;
  const falling = useComputed(() => {
    const { epsilon = 0 } = shown.value ?? {};
    const { explorationFinalEps: final = 1, explorationInitialEps: initial = 1 } =
      session.run.value?.config.value ?? {};
    return initial > final && epsilon - final > 0.005;
  });
  const explained = useSignal("Each acts at once, without a restart.");
  const explain = (help: string) => {
    explained.value = help;
  };
  return (
    <div class="sliders" id="sliders">
      {sliders.map((slider) => {
        const { help, key, least, most, name, positionOf, valueAt } = slider;
        const value = Number(config?.[key] ?? valueAt(least));
        const unused = key === "targetUpdateInterval" && config !== undefined && !hasTarget(config);
        const text = run === null ? "" : textOf(slider, value, run, falling.value);
        return (
          <label key={key} onPointerEnter={() => explain(help)}>
            <span>{name}</span>
            <input
              id={`live-${key}`}
              type="range"
              min={least}
              max={most}
              disabled={run === null || unused}
              value={Math.max(least, positionOf(value))}
              aria-valuetext={text}
              aria-describedby="slider-help"
              onFocus={() => explain(help)}
              onInput={({ currentTarget }) => {
                const next = valueAt(Number(currentTarget.value));
                // Both ends of the schedule: epsilon then has this value from now on.
                const start = key === "explorationFinalEps" && { explorationInitialEps: next };
                attempt(() => changeLive({ [key]: next, ...start }));
              }}
            />
            <output>{text}</output>
          </label>
        );
      })}
      <p id="slider-help" class="help">
        {explained}
      </p>
    </div>
  );
}
