import { viewOf } from "../../scenes/views.ts";
import { STRONGEST } from "../stage/pushMeter.ts";
import { session, stage, tab } from "../state/app.ts";
import { scoreText } from "./numbers.ts";
import { fingers } from "./Pad.tsx";

const speeds = [
  ["0.25", "0.25x"],
  ["0.5", "0.5x"],
  ["1", "1x"],
  ["4", "4x"],
  ["Infinity", "unlimited"],
] as const;

/** Shows how strong a push is and, if the task is to stay upright, what the policy has survived. */
function Meter() {
  const { charge, limits, results } = stage.meter;
  const pushes = tab.value.env === "CartPole-v1" ? results.value : [];
  const { felled, survived } = limits;
  const place = (strength: number) => `${(100 * strength) / STRONGEST}%`;
  const said =
    pushes.length === 0
      ? `${fingers.matches ? "Press" : "Hold ← or →, or press"} beside the ${tab.value.pushed}. The longer you hold, the stronger the push.`
      : [
          survived === null ? "" : `Strongest push that it survived: ${survived.toFixed(1)} m/s.`,
          felled === null ? "" : `Weakest push that made it fall: ${felled.toFixed(1)} m/s.`,
        ].join(" ");
  return (
    <div class="meter" style={{ visibility: stage.mode.value === "play" ? "hidden" : undefined }}>
      <span class="name">Push it</span>
      <div class="bar" aria-hidden="true">
        <div class="charge" style={{ width: place(charge.value) }} />
        {pushes.map(({ strength, survived: stood }, k) => (
          <i
            key={k}
            class={stood === null ? "open" : stood ? "stood" : "fell"}
            style={{ left: place(strength) }}
          />
        ))}
      </div>
      <output id="pushes">{said}</output>
    </div>
  );
}

/** The user's scores beside the network's, or what to do for one. */
function Scores() {
  const { best, last } = stage.own.value;
  const test = session.run.value?.history.test.value ?? stage.facts.value.best;
  // In a game of two, the network's score is that against random moves.
  const network = tab.value.players === 2 ? null : test;
  const scores = { you: last, "your best": best, network };
  if (best !== null) {
    return Object.entries(scores)
      .filter(([, score]) => score !== null)
      .map(([who, score]) => `${who}: ${scoreText(score)}`)
      .join(", ");
  }
  if (stage.mode.value === "watch") return "Can you do better?";
  return network === null
    ? "Your score appears at the end."
    : `The network has ${scoreText(network)}: get more.`;
}

/** Controls of the picture: its speed, pushes, and the user's own game. */
export function StageControls() {
  const playing = stage.mode.value === "play";
  return (
    <div class="stage-controls">
      <div class="row">
        <button
          id="yourself"
          type="button"
          aria-pressed={playing}
          disabled={session.run.value === null}
          onClick={() => {
            if (playing) stage.leaveGame();
            else {
              stage.play();
              document.getElementById("scene")?.focus();
            }
          }}
        >
          {playing ? "Back to the network" : "Beat the network"}
        </button>
        <button
          id="still"
          type="button"
          onClick={() => {
            stage.moving.value = !stage.moving.value;
          }}
        >
          {stage.moving.value ? "Freeze" : "Unfreeze"}
        </button>
        <label>
          Picture speed{" "}
          <select
            id="picture-speed"
            value={String(stage.speed.value)}
            onChange={({ currentTarget }) => {
              stage.speed.value = Number(currentTarget.value);
            }}
          >
            {speeds.map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <output id="scores">
          <Scores />
        </output>
      </div>
      {viewOf(tab.value.env) !== null && <Meter />}
    </div>
  );
}
