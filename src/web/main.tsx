import { render } from "preact";
import { attempt, follow, openFile, session, showNews, stage, still } from "./state/app.ts";
import { onDrop } from "./state/files.ts";
import { App } from "./views/App.tsx";

/** Milliseconds between two updates of the numbers on the page. */
const NEWS = 100;

let last = 0;
function frame(now: number): void {
  requestAnimationFrame(frame);
  if (now - last < NEWS) return;
  last = now;
  showNews();
}

if (!still.matches) {
  stage.moving.value = true;
  session.wanted.value = true;
}
// The worker starts while the page is rendered.
attempt(follow);
const root = document.getElementById("app")!;
root.replaceChildren();
render(<App />, root);
requestAnimationFrame(frame);
onDrop((file) => attempt(() => openFile(file)));
addEventListener("hashchange", () => attempt(follow));
