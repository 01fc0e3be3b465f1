import { useEffect } from "preact/hooks";
import { attempt, raceAlone, session } from "../state/app.ts";
import { backends, type Lane, Race } from "../state/race.ts";
import { currentChoice } from "../state/session.ts";
import { count } from "./numbers.ts";

const race = new Race();

const names = { wasm: "WebAssembly", js: "JavaScript" } as const;

/** Lengths of the track in environment steps. */
const lengths = [10_000, 50_000, 250_000, 1_000_000];

function LaneView({
  lane,
  name,
  steps,
}: {
  readonly lane: Lane;
  readonly name: keyof typeof names;
  readonly steps: number;
}) {
  const fraction = steps === 0 ? 0 : Math.min(1, lane.steps / steps);
  const rate = lane.milliseconds < 20 ? null : (1000 * lane.steps) / lane.milliseconds;
  return (
    <div class="lane" data-backend={name}>
      <b>{names[name]}</b>
      <div class="track" aria-hidden="true">
        <svg viewBox="0 0 40 34" style={{ left: `calc(${fraction} * (100% - 44px))` }}>
          <title>cart</title>
          <line x1="20" y1="22" x2={24 - 8 * fraction} y2="3" />
          <rect x="4" y="20" width="32" height="10" rx="3" />
        </svg>
      </div>
      <output class="clock">{(lane.milliseconds / 1000).toFixed(2)} s</output>
      <output class="rate">{rate === null ? "" : `${count.format(rate)} steps/s`}</output>
    </div>
  );
}

/** The race of the two backends: two carts, two clocks, one hash. */
export function RaceView() {
  const run = session.run.value;
  // The numbers of a race belong to its run and to the values with which it began.
  useEffect(() => race.clear(), [run, run?.changed.value]);
  const { equal, lanes, running, steps, verdict } = race;
  const sha256 = equal.value ? lanes.value[0]!.sha256 : "";
  return (
    <section id="race" aria-labelledby="race-title">
      <div class="row">
        <h2 id="race-title">The race: WebAssembly against JavaScript</h2>
        <label>
          Length{" "}
          <select id="race-length">
            {lengths.map((length) => (
              <option key={length} value={length} selected={length === 50_000}>
                {count.format(length)} steps
              </option>
            ))}
          </select>
        </label>
        <button
          id="race-start"
          type="button"
          disabled={run === null}
          onClick={() => {
            const select = document.getElementById("race-length") as HTMLSelectElement;
            if (running.value) race.stop();
            else
              attempt(() => raceAlone(() => race.run(currentChoice(run!), Number(select.value))));
          }}
        >
          {running.value ? "Stop" : "Race"}
        </button>
      </div>
      {backends.map((name, k) => (
        <LaneView key={name} name={name} lane={lanes.value[k]!} steps={steps.value} />
      ))}
      <p class="verdict" aria-live="polite" data-equal={equal.value}>
        {verdict.value ||
          "Both train this run from the same seed, with the same arithmetic in the same order. Only the speed differs."}{" "}
        {sha256 !== "" && (
          <span>
            SHA-256 of the weights: <code>{sha256.slice(0, 16)}</code> ✓
          </span>
        )}
      </p>
    </section>
  );
}
