import type { ComponentChildren } from "preact";
import { viewOf } from "../../scenes/views.ts";
import { announcement, fallback, hidden, notice, tab } from "../state/app.ts";
import { Advanced } from "./Advanced.tsx";
import { Essay } from "./Essay.tsx";
import { Experiments } from "./Experiments.tsx";
import { Files } from "./Files.tsx";
import { Facts, LearningCurve, TrendView } from "./LearningView.tsx";
import { NetworkView } from "./NetworkView.tsx";
import { QValueMap } from "./QValueMap.tsx";
import { RaceView } from "./RaceView.tsx";
import { Sliders } from "./Sliders.tsx";
import { StageView } from "./StageView.tsx";
import { Start } from "./Start.tsx";
import { Tabs } from "./Tabs.tsx";
import { TimelineView } from "./TimelineView.tsx";

/** A part of the page that an address can leave out with `hide=NAME`. */
function Part({ children, name }: { readonly name: string; readonly children: ComponentChildren }) {
  return hidden.value.includes(name) ? null : children;
}

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
          <div class="inside">
            <NetworkView />
            {viewOf(tab.value.env) !== null && <QValueMap />}
          </div>
        </Part>
        <Part name="race">
          <RaceView />
        </Part>
        <Part name="settings">
          <section id="start" aria-labelledby="settings-title">
            <h2 id="settings-title">Change what it learns with</h2>
            <Start />
            <Advanced />
          </section>
        </Part>
        <Part name="trends">
          <section id="trends" aria-labelledby="trends-title">
            <h2 id="trends-title">Loss and exploration</h2>
            <TrendView />
          </section>
        </Part>
        <Part name="files">
          <Files />
        </Part>
        <Part name="essay">
          <Essay />
        </Part>
      </main>
      <p class="unseen" id="live" aria-live="polite">
        {announcement}
      </p>
    </>
  );
}
