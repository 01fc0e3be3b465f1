import { axesOf, type Ink, Landscape } from "./landscape.ts";
import { element, ink } from "./page.ts";
import type { Player } from "./player.ts";

const actions: Readonly<Record<string, readonly string[]>> = {
  CartPole: ["push left", "push right"],
  MountainCar: ["push left", "let it roll", "push right"],
  Acrobot: ["turn one way", "let it swing", "turn the other way"],
};

const mixer = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;

/** A CSS colour, however it is written, as what a canvas makes of it. */
function rgb(color: string): Ink {
  mixer.fillStyle = color;
  mixer.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = mixer.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

/** The landscape of Q-values with its axes and legend. */
export class OpinionView {
  readonly #landscape = new Landscape(element<HTMLCanvasElement>("landscape"));

  begin(player: Player): void {
    const { env } = player.policy.description;
    const { x, y } = axesOf(env);
    element("axis-x").textContent = `${x.name} (${x.from} to ${x.to})`;
    element("axis-y").textContent = `${y.name} (${y.from} to ${y.to})`;
    const names = Object.entries(actions).find(([prefix]) => env.startsWith(prefix))?.[1] ?? [];
    const items = names.map((name) => {
      const item = document.createElement("span");
      item.textContent = name;
      return item;
    });
    const worth = document.createElement("b");
    element("legend").replaceChildren(...items, worth);
    this.update(player);
  }

  /** Asks the network anew. */
  update(player: Player): void {
    const inks = ["--ink-cart", "--ink-pole", "--ink-third"].map((name) => rgb(ink(name)));
    const [least, most] = this.#landscape.update(player, inks, rgb(ink("--paper")));
    const worth = element("legend").querySelector("b");
    if (worth) worth.textContent = `worth ${least.toPrecision(3)} to ${most.toPrecision(3)}`;
  }

  draw(player: Player): void {
    this.#landscape.draw(player, ink("--ink"));
  }
}
