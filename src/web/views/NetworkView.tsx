import { useRef } from "preact/hooks";
import { viewOf } from "../../scenes/views.ts";
import { useFrames } from "../drawing/frames.ts";
import { inks } from "../drawing/inks.ts";
import { type DrawnUnit, NetworkPicture } from "../drawing/networkPicture.ts";
import { sizeCanvas } from "../drawing/sizeCanvas.ts";
import { chosenUnit, foreign, replayed, session, stage, tab } from "../state/app.ts";
import { count } from "./numbers.ts";

/** Milliseconds between two drawings. */
const INTERVAL = 90;
/** Parameters from which the Q-values of a state in the user's game are not computed for the drawing. */
const LARGE = 500_000;

/** Whose network it is, as the title. */
function title(): string {
  if (foreign.value !== "") return `The network of ${foreign.value}`;
  return replayed.value === null
    ? "The network"
    : `The network at step ${count.format(replayed.value)}`;
}

/** Draws the network whose policy is on the stage, with its activations for the state on the stage. */
export function NetworkView() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = useRef<NetworkPicture | null>(null);
  const grid = (session.run.value?.trainer.config.convFilters.length ?? 0) > 0;
  useFrames(
    canvas,
    () => {
      const { player } = stage;
      if (player === null) return;
      if (picture.current?.policy !== player.policy) {
        picture.current = new NetworkPicture(player.policy);
        chosenUnit.value = null;
      }
      // Also refreshes the outputs if somebody else plays.
      if (player.policy.weights.length < LARGE) stage.consider();
      const { context, height, width } = sizeCanvas(canvas.current!);
      const names = session.run.value?.tab.inputs ?? [];
      picture.current.paint(context, width, height, inks.peek(), names, chosenUnit.peek());
    },
    INTERVAL,
  );
  const choose = (event: PointerEvent) => {
    const found: DrawnUnit | null = picture.current?.unitAt(event.offsetX, event.offsetY) ?? null;
    const last = (picture.current?.sizes.length ?? 1) - 1;
    const hidden = found !== null && found.column > 0 && found.column < last;
    chosenUnit.value = hidden ? found : null;
  };
  return (
    <section id="network" aria-labelledby="network-title">
      <h2 id="network-title">{title()}</h2>
      <canvas
        ref={canvas}
        role="img"
        aria-label="Inputs, hidden units and Q-values of the network, and the weights between them"
        onPointerMove={choose}
        onPointerDown={choose}
        onPointerLeave={() => {
          chosenUnit.value = null;
        }}
      />
      <p class="help">
        Blue is positive, orange is negative. A wide link is a large weight, and a strong colour is
        a large output. The bars are the Q-values: what the network expects from each action.{" "}
        {viewOf(tab.value.env) === null
          ? "There is no map of the Q-values, because two numbers say little about a board."
          : "Point at a hidden unit to see its map."}
        {grid && " The convolution between the inputs and the first units is not shown."}
      </p>
    </section>
  );
}
