import { announcement, fallback, notice, tab } from "../state/app.ts";
import { Experiments } from "./Experiments.tsx";
import { Facts, LearningCurve } from "./LearningView.tsx";
import { later } from "./later.tsx";
import { Part } from "./Part.tsx";
import { Sliders } from "./Sliders.tsx";
import { StageView } from "./StageView.tsx";
import { Tabs } from "./Tabs.tsx";
import { TimelineView } from "./TimelineView.tsx";

const Inside = later("inside-place", async () => (await import("./Inside.tsx")).Inside);
const Below = later("below-place", async () => (await import("./Below.tsx")).Below);

/** The whole page. */
export function App() {
  return (
    <>
      <header>
        <Part name="title">
          <h1>Watch a neural network learn to {tab.value.task}</h1>
        </Part>
        <Part name="tabs">
          <Tabs />
        </Part>
      </header>
      {notice.value !== "" && (
        <p id="notice" role="alert">
          {notice.value}
          <button
            type="button"
            class="quiet"
            aria-label="Close the message"
            onClick={() => {
              notice.value = "";
            }}
          >
            ×
          </button>
        </p>
      )}
      {fallback.backend === "js" && (
        <p id="no-wasm">
          This browser has no WebAssembly SIMD, or this page may not use it. The JavaScript kernels
          do the same arithmetic, but are slower.
        </p>
      )}
      <main>
        <div class="top">
          <StageView />
          <section class="learning" aria-label="Learning">
            <LearningCurve />
            <Facts />
            <Part name="live">
              <Sliders />
              <TimelineView />
            </Part>
          </section>
        </div>
        <Part name="experiments">
          <Experiments />
        </Part>
        <Part name="inside">
          <Inside />
        </Part>
        <Below />
      </main>
      <p class="unseen" id="live" aria-live="polite">
        {announcement}
      </p>
    </>
  );
}
