import { Advanced } from "./Advanced.tsx";
import { Essay } from "./Essay.tsx";
import { Files } from "./Files.tsx";
import { TrendView } from "./LearningView.tsx";
import { Part } from "./Part.tsx";
import { RaceView } from "./RaceView.tsx";
import { Start } from "./Start.tsx";

/** The lower part of the page. */
export function Below() {
  return (
    <>
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
    </>
  );
}
