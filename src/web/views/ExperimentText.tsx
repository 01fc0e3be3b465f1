import { experiment } from "../state/app.ts";
import { experimentTexts } from "./experimentTexts.ts";

/** What the current experiment changes, and what to notice. */
export function ExperimentText() {
  const { notice, text } = experimentTexts[experiment.value]!;
  return (
    <p id="experiment">
      {text} <em>Notice:</em> {notice}
    </p>
  );
}
