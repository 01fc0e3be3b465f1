import { element, ink } from "./page.ts";
import type { Player } from "./player.ts";
import { axesOf, type Ink, QValueCanvas } from "./qValueCanvas.ts";

const mixer = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;

/** Red, green and blue of any CSS color, as a canvas reads it. */
function rgb(color: string): Ink {
  mixer.fillStyle = color;
  mixer.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = mixer.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

/** The Q-value map with its axes and legend. */
export class QValueMap {
  readonly #canvas = new QValueCanvas(element<HTMLCanvasElement>("q-value-canvas"));

  begin(player: Player): void {
    const { env } = player.policy.description;
    const { actionNames = [] } = player.policy.spec;
    const { x, y } = axesOf(env);
    element("axis-x").textContent = `${x.name} (${x.from} to ${x.to})`;
    element("axis-y").textContent = `${y.name} (${y.from} to ${y.to})`;
    const items = actionNames.map((name) => {
      const item = document.createElement("span");
      item.textContent = name;
      return item;
    });
    const range = document.createElement("b");
    element("legend").replaceChildren(...items, range);
    this.update(player);
  }

  update(player: Player): void {
    const inks = ["--ink-cart", "--ink-pole", "--ink-third"].map((name) => rgb(ink(name)));
    const [least, most] = this.#canvas.update(player, inks, rgb(ink("--paper")));
    const range = element("legend").querySelector("b");
    if (range) range.textContent = `Q-values ${least.toPrecision(3)} to ${most.toPrecision(3)}`;
  }

  draw(player: Player): void {
    this.#canvas.draw(player, ink("--ink"));
  }
}
