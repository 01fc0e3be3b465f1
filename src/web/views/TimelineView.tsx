import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Moment } from "../../browserTrainer/timeline.ts";
import { useFrames } from "../drawing/frames.ts";
import { attempt, replay, replayed, session } from "../state/app.ts";
import { count } from "./numbers.ts";

/** Milliseconds between two looks at the stored moments. */
const INTERVAL = 500;

/** A slider over the run's stored weights: the stage replays the policy of any moment. */
export function TimelineView() {
  const element = useRef<HTMLDivElement>(null);
  const moments = useSignal<readonly Moment[]>([]);
  const seen = useRef(-1);
  const run = session.run.value;
  useEffect(() => {
    moments.value = [];
    seen.current = -1;
  }, [run]);
  useFrames(
    element,
    () => {
      if (run === null || run.history.version === seen.current) return;
      seen.current = run.history.version;
      run.trainer.timeline().then(
        (all) => {
          if (run === session.run.value) moments.value = all;
        },
        () => {},
      );
    },
    INTERVAL,
  );
  const all = moments.value;
  const chosen = replayed.value;
  const place = chosen === null ? all.length : all.findIndex(({ steps }) => steps === chosen);
  const text = chosen === null ? "now" : `step ${count.format(chosen)}`;
  return (
    <div ref={element} class="timeline">
      <label>
        <span>Timeline</span>
        <input
          id="timeline"
          type="range"
          min={0}
          max={all.length}
          value={place < 0 ? 0 : place}
          disabled={all.length < 2}
          aria-valuetext={text}
          onInput={({ currentTarget }) => {
            const moment = all[Number(currentTarget.value)];
            attempt(() => replay(moment?.steps ?? null));
          }}
        />
        <output id="moment">{text}</output>
      </label>
      <button
        id="now"
        class="quiet"
        type="button"
        disabled={chosen === null}
        onClick={() => attempt(() => replay(null))}
      >
        Back to now
      </button>
    </div>
  );
}
