import { writeAddress } from "../state/address.ts";
import {
  attempt,
  choice,
  describeEnd,
  playOrPause,
  restart,
  session,
  stage,
  tab,
  undo,
} from "../state/app.ts";
import { FULL_SPEED } from "../state/session.ts";
import { count, secondsText } from "./numbers.ts";

/** Positions of the speed control. The last one is full speed. */
const SLOWEST = -2;
const FASTEST = 10;

/** Label of the button that trains at full speed, with the seconds that this takes for an unchanged preset. */
function skipLabel(): string {
  const { changes: now, recipe: current } = choice.value;
  const link = writeAddress({ recipe: current, changes: { ...now, seed: 1, backend: "wasm" } });
  const preset = tab.value.presets.find(
    ({ changes, recipe }) => writeAddress({ recipe, changes: { ...changes, seed: 1 } }) === link,
  );
  return preset === undefined
    ? "Skip to the end"
    : `Skip to the end (${secondsText(preset.seconds)})`;
}

function speedText(speed: number, pace: number): string {
  return speed >= FULL_SPEED ? "full speed" : `${count.format(speed * pace)} steps/s`;
}

function Speed() {
  const speed = session.speed.value;
  const { pace } = tab.value;
  return (
    <label class="speed">
      Speed{" "}
      <input
        id="pace"
        type="range"
        min={SLOWEST}
        max={FASTEST}
        value={speed >= FULL_SPEED ? FASTEST : Math.log2(speed)}
        aria-valuetext={speedText(speed, pace)}
        onInput={({ currentTarget }) => {
          const position = Number(currentTarget.value);
          session.setSpeed(position >= FASTEST ? FULL_SPEED : 2 ** position);
        }}
      />
      <output>{speedText(speed, pace)}</output>
    </label>
  );
}

/** The sentence under the buttons: the rules, or how the run has ended. */
function About() {
  const run = session.run.value;
  const ended = run !== null && session.status.value === "finished";
  return (
    <p id="about" class="help">
      {ended ? <strong>{describeEnd(run)} </strong> : null}
      {ended && tab.value.env === "CartPole-v1" ? "Now try to make it fall. " : null}
      {ended ? null : tab.value.rules}
    </p>
  );
}

/** Buttons and numbers that control the training. */
export function Controls() {
  const run = session.run.value;
  const status = session.status.value;
  const ended = status === "finished" || status === "failed";
  const running = status === "running" || (status === "loading" && session.wanted.value);
  return (
    <div class="controls">
      <div class="row">
        <button id="train" class="primary" type="button" onClick={() => attempt(playOrPause)}>
          {running ? "Pause" : ended ? "Learn again" : "Play"}
        </button>
        <button
          id="skip"
          type="button"
          disabled={run === null || ended}
          onClick={() => {
            stage.moving.value = true;
            session.skip();
          }}
        >
          {skipLabel()}
        </button>
        <Speed />
        <span class="row">
          <button id="reset" type="button" disabled={run === null} onClick={() => attempt(restart)}>
            Restart
          </button>
          <Undo />
        </span>
      </div>
      <About />
    </div>
  );
}

/** Restores the run that a change has replaced. */
function Undo() {
  const before = session.previous.value;
  const what =
    before === null
      ? undefined
      : `Back to the previous run: ${before.tab.name}, ${count.format(before.trainer.snapshot.steps)} steps`;
  return (
    <button
      id="undo"
      class="quiet"
      type="button"
      title={what}
      disabled={before === null}
      onClick={undo}
    >
      Previous run
    </button>
  );
}
