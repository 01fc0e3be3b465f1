import { viewOf } from "../../scenes/views.ts";
import { tab } from "../state/app.ts";
import { NetworkView } from "./NetworkView.tsx";
import { QValueMap } from "./QValueMap.tsx";

/** The network, and its landscape if the environment has one. */
export function Inside() {
  return (
    <div class="inside">
      <NetworkView />
      {viewOf(tab.value.env) !== null && <QValueMap />}
    </div>
  );
}
