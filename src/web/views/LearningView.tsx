import { useMemo } from "preact/hooks";
import { Chart } from "../drawing/Chart.tsx";
import { session, shown } from "../state/app.ts";
import type { Run } from "../state/session.ts";
import { count, scoreText } from "./numbers.ts";

/** Environment steps that the curves show at first. */
export function expectedSteps({ choice, tab, trainer }: Run): number {
  const { totalSteps } = trainer.config;
  const preset = tab.presets.find(({ recipe }) => recipe === choice.recipe);
  return Math.min(totalSteps ?? Infinity, preset?.steps ?? totalSteps ?? 50_000);
}

/** State of the run as a sentence. */
function describe(run: Run): string {
  const { episodes, steps } = shown.value ?? run.trainer.snapshot;
  const test = run.history.test.value;
  return `${count.format(steps)} steps, ${count.format(episodes)} episodes${test === null ? "" : `, test score ${scoreText(test)}`}.`;
}

/** The goal of a run: the score at which it counts as solved; null if it has none. */
function goalOf({ tab, trainer }: Run): number | null {
  if (tab.goal !== undefined) return tab.goal;
  const { solvedBy, solvedThreshold } = trainer.config;
  return solvedBy === "none" ? null : solvedThreshold;
}

/** The learning curve of the run: tests bold, training episodes faint. */
export function LearningCurve() {
  const run = session.run.value;
  const curves = useMemo(() => {
    if (run === null) return null;
    const { episodes, tests } = run.history;
    return [
      { label: "training episode", ink: "scenery", points: episodes, faint: true },
      { label: "test score", ink: "first", points: tests, bold: true },
    ] as const;
  }, [run]);
  return (
    <div class="curve" id="curve">
      {run !== null && curves !== null && (
        <Chart
          key={run.tab.env}
          x="environment steps"
          end={expectedSteps(run)}
          range={run.tab.scores}
          goal={goalOf(run)}
          height={236}
          curves={curves}
          label={`Learning curve. ${describe(run)}`}
        />
      )}
    </div>
  );
}

/** Loss and epsilon of the run. */
export function TrendView() {
  const run = session.run.value;
  const curves = useMemo(() => {
    if (run === null) return null;
    const { epsilons, losses } = run.history;
    return [
      { label: "loss", ink: "third", points: losses },
      { label: "epsilon", ink: "second", points: epsilons, unitAxis: true },
    ] as const;
  }, [run]);
  if (run === null || curves === null) return null;
  return (
    <>
      <Chart
        x="environment steps"
        end={expectedSteps(run)}
        height={190}
        curves={curves}
        label={`Loss and epsilon. ${describe(run)}`}
      />
      <p class="help">
        The loss measures how far the Q-values are from their targets. Epsilon is the fraction of
        random actions.
      </p>
    </>
  );
}

/** Numbers of the run. */
export function Facts() {
  const run = session.run.value;
  const snapshot = shown.value;
  const test = run?.history.test.value ?? null;
  const rows = [
    ["steps", "step", snapshot === null ? "0" : count.format(snapshot.steps)],
    ["episodes", "episode", snapshot === null ? "0" : count.format(snapshot.episodes)],
    ["test", "test score", scoreText(test)],
    ["epsilon", "random", snapshot === null ? "-" : `${Math.round(100 * snapshot.epsilon)}%`],
  ] as const;
  return (
    <dl class="tiles">
      {rows.map(([id, name, value]) => (
        <div key={id}>
          <dt>{name}</dt>
          <dd id={id}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
