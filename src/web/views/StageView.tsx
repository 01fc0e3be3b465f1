import { useRef } from "preact/hooks";
import { viewOf } from "../../scenes/views.ts";
import { useFrames } from "../drawing/frames.ts";
import { inks } from "../drawing/inks.ts";
import { sizeCanvas } from "../drawing/sizeCanvas.ts";
import { columnAt, paintStage, pointerSide } from "../stage/paintStage.ts";
import { attempt, closeFile, foreign, replayed, session, stage, tab } from "../state/app.ts";
import type { Ending } from "../tabs.ts";
import { Controls } from "./Controls.tsx";
import { count, scoreText } from "./numbers.ts";
import { fingers, hasPad, Pad } from "./Pad.tsx";
import { StageControls } from "./StageControls.tsx";

/** One line over the picture: what is happening. */
function Caption() {
  const { best, ending, exploring, steps, total } = stage.facts.value;
  const run = session.run.value;
  if (run === null) return <p class="caption">Loading ...</p>;
  if (stage.mode.value === "play") {
    if (stage.waiting.value) return <p class="caption">Your turn. {beginText()}</p>;
    return <p class="caption">{ownText(ending, steps, total)}</p>;
  }
  return (
    <p class="caption" id="shown">
      <span>
        <b class={exploring === null ? "plays" : "trains"}>{actor()}</b>{" "}
        {ending === null ? stepText() : tab.value.ending(ending)}
      </span>
      {best !== null && <span>best so far {scoreText(best)}</span>}
    </p>
  );
}

/** Who acts in the picture. */
function actor(): string {
  const { attempt, ending, exploring } = stage.facts.value;
  if (replayed.value !== null) return `The network of step ${count.format(replayed.value)} plays`;
  if (exploring === null) return "The network plays";
  const episode = `Training episode ${count.format(attempt)}`;
  return ending === null ? `${episode}, exploring ${Math.round(100 * exploring)}%` : episode;
}

/** Where the picture is. Attempts of an earlier policy or of the user's file are not counted separately. */
function stepText(): string {
  const { attempt: number, exploring, steps } = stage.facts.value;
  const step = `step ${count.format(steps)}`;
  return exploring === null ? `attempt ${count.format(number)}, ${step}` : step;
}

/** How the user's game stands. */
function ownText(ending: Ending | null, steps: number, total: number): string {
  const { ending: describe, players } = tab.value;
  if (ending !== null) return players === 2 ? describe(ending) : `You: ${describe(ending)}`;
  if (players !== 2) return `You: ${scoreText(total)}`;
  return steps % 2 === 0 ? "Your move: you are orange." : "The network moves.";
}

/** How the user's game begins. */
function beginText(): string {
  if (fingers.matches) {
    if (hasPad()) return "Touch a button to begin.";
    return stage.keys[1] === undefined
      ? "Touch the left or right half to begin."
      : "Touch a column to begin.";
  }
  return `Press a key to begin: ${keysText()}.`;
}

/** The keys of the user's game, in words. */
function keysText(): string {
  const names: Readonly<Record<string, string>> = {
    ArrowLeft: "←",
    ArrowRight: "→",
    ArrowUp: "↑",
    ArrowDown: "↓",
    " ": "space",
  };
  const keys = Object.keys(stage.keys);
  return keys.map((key) => names[key] ?? key).join(" ");
}

/** The picture of the current episode, its caption and its controls. */
export function StageView() {
  const canvas = useRef<HTMLCanvasElement>(null);
  useFrames(canvas, (elapsed) => {
    stage.advance(elapsed);
    const { context, height, width } = sizeCanvas(canvas.current!);
    paintStage(context, width, height, stage, inks.peek());
  });
  const touch = (event: PointerEvent, down: boolean) => {
    if (down) canvas.current!.setPointerCapture(event.pointerId);
    const { height, left, top, width } = canvas.current!.getBoundingClientRect();
    const at = [event.clientX - left, event.clientY - top, width, height] as const;
    if (stage.mode.value === "watch") {
      if (stage.scene?.handle(stage.player!.after) == null) return;
      if (down) stage.preparePush(pointerSide(stage, at[0], width, height) === "left" ? 1 : -1);
      else stage.push();
      return;
    }
    const action = actionAt(at);
    if (down && action !== undefined) stage.act(action, true);
    if (down) return;
    // In a game of cells, a tap counts once, however short it is.
    if (stage.scene !== null) stage.letGo();
    else if (action !== undefined) stage.act(action, false);
  };
  return (
    <section class="stage" aria-label="The stage">
      <div
        id="scene"
        class={viewOf(tab.value.env) === null ? "board" : ""}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys push the cart or play
        tabIndex={0}
        role="application"
        aria-label={`${tab.value.name}. ${viewOf(tab.value.env) === null ? "" : "The arrow keys push. "}Keys of your own game: ${keysText()}`}
        onKeyDown={(event) => {
          const { key, repeat } = event;
          if (repeat ? /^(?:Arrow| $)/.test(key) : stage.key(key, true)) event.preventDefault();
        }}
        onKeyUp={(event) => void stage.key(event.key, false)}
        onBlur={() => stage.letGo()}
      >
        <canvas
          ref={canvas}
          id="picture"
          onPointerDown={(event) => touch(event, true)}
          onPointerUp={(event) => touch(event, false)}
          onPointerCancel={() => stage.letGo()}
        />
        <Caption />
      </div>
      <Pad />
      <Controls />
      <StageControls />
      {foreign.value !== "" && (
        <p class="row">
          <span id="whose">{foreign.value}</span>
          <button id="own-policy" type="button" onClick={() => attempt(closeFile)}>
            Back to the run's policy
          </button>
        </p>
      )}
    </section>
  );
}

/** The action of a touch in the user's game: by the side of the picture, or the column in Connect Four. */
function actionAt([x, y, width, height]: readonly [number, number, number, number]):
  | number
  | undefined {
  const { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, 1: first } = stage.keys;
  if (first !== undefined) return columnAt(stage.board, x, width, height);
  const [across, down] = [x / width - 0.5, y / height - 0.5];
  const side = across < 0 ? ArrowLeft : ArrowRight;
  const end = down < 0 ? ArrowUp : (ArrowDown ?? ArrowUp);
  return Math.abs(across) > Math.abs(down) ? (side ?? end) : (end ?? side);
}
