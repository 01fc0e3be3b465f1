import { stage } from "../state/app.ts";

/** Signs and names of the keys of a game, in the order of the pad. */
const buttons = [
  ["ArrowLeft", "←", "left"],
  ["ArrowUp", "↑", "up"],
  ["ArrowDown", "↓", "down"],
  ["ArrowRight", "→", "right"],
  [" ", "●", "fire"],
] as const;

/** Whether the main pointer is a finger. Then the pad is visible. */
export const fingers = matchMedia("(pointer: coarse)");

/** Whether the user plays a game of cells with keys of the pad. In the other games, touching the picture is enough. */
export function hasPad(): boolean {
  return (
    stage.mode.value === "play" &&
    stage.player !== null &&
    stage.scene === null &&
    stage.keys[1] === undefined
  );
}

/** Buttons for the user's game on a touch screen. */
export function Pad() {
  if (!hasPad()) return null;
  const { keys } = stage;
  return (
    <div class="pad">
      {buttons.map(([key, sign, name]) => {
        const action = keys[key];
        if (action === undefined) return null;
        const act = (down: boolean) => stage.act(action, down);
        return (
          <button
            key={key}
            type="button"
            aria-label={name}
            onPointerDown={() => act(true)}
            onPointerUp={() => act(false)}
            onPointerCancel={() => act(false)}
            onContextMenu={(event) => event.preventDefault()}
            onClick={({ detail }) => {
              // A click of a screen reader has no pointer.
              if (detail > 0) return;
              act(true);
              act(false);
            }}
          >
            {sign}
          </button>
        );
      })}
    </div>
  );
}
