import type { Scene } from "../scenes/scene.ts";
import { viewOf } from "../scenes/views.ts";
import { ink } from "./page.ts";
import type { Player } from "./player.ts";

/** Milliseconds per frame for environment steps at unlimited speed. */
const FRAME_BUDGET = 4;
/** Pushes per second by a pointer that is one stage width away. */
const PULL = 40;

/** Draws a player's episode at 60 frames per second and handles the pointer. */
export class StageView {
  /** Speed of the shown episode relative to real time; Infinity for unlimited. */
  speed = 1;
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #player: Player | null = null;
  #scene: Scene | null = null;
  /** Fraction of a step that is due but not taken yet. */
  #due = 0;
  /** x of the pulling pointer, in the scene's units; null if there is none. */
  #pull: number | null = null;
  #inks: readonly string[] = [];

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d")!;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => this.#readInks());
    this.#readInks();
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#touch(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.buttons !== 0) this.#touch(event);
    });
    for (const end of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(end, () => {
        this.#pull = null;
        this.#player?.letGo();
      });
    }
  }

  show(player: Player): void {
    const { description } = player.policy;
    this.#player = player;
    this.#scene = viewOf(description.env)?.scene(description.options) ?? null;
    this.#due = 0;
  }

  #readInks(): void {
    this.#inks = ["--ink-scenery", "--ink-cart", "--ink-pole"].map(ink);
  }

  /** Pulls the environment. In play mode, the left half selects the first action, the right half the last. */
  #touch(event: PointerEvent): void {
    const scene = this.#scene;
    if (scene === null) return;
    const { left, width } = this.#canvas.getBoundingClientRect();
    const fraction = (event.clientX - left) / width;
    if (this.#player?.steer(fraction > 0.5)) return;
    this.#pull = scene.left + fraction * (scene.right - scene.left);
  }

  /** Takes the steps that are due after `milliseconds`, and draws. */
  frame(milliseconds: number): void {
    const player = this.#player;
    const scene = this.#scene;
    if (player === null || scene === null) return;
    if (this.speed === Number.POSITIVE_INFINITY) {
      const end = performance.now() + FRAME_BUDGET;
      while (performance.now() < end) this.#step(player, scene);
      this.#due = 1;
    } else {
      // A long pause, such as a hidden tab, counts as one second.
      const seconds = Math.min(milliseconds, 1000) / 1000;
      this.#due += (seconds * this.speed) / scene.secondsPerStep;
      for (; this.#due >= 1; this.#due--) this.#step(player, scene);
    }
    this.#draw(player, scene);
  }

  #step(player: Player, scene: Scene): void {
    const handle = scene.handle(player.after);
    if (this.#pull !== null && handle !== null) {
      const away = (this.#pull - handle[0]) / (scene.right - scene.left);
      player.push(PULL * scene.secondsPerStep * away);
    }
    player.step();
  }

  #draw(player: Player, scene: Scene): void {
    const context = this.#context;
    const canvas = this.#canvas;
    const ratio = devicePixelRatio;
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round((width * (scene.top - scene.bottom)) / (scene.right - scene.left));
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const unit = width / (scene.right - scene.left);
    context.setTransform(unit, 0, 0, -unit, -scene.left * unit, scene.top * unit);
    context.clearRect(scene.left, scene.bottom, scene.right - scene.left, scene.top - scene.bottom);
    context.lineCap = "round";
    context.lineJoin = "round";
    const fraction = Math.min(1, this.#due);
    const between = player.after.map((value, k) => {
      const before = player.before[k]!;
      return before + (value - before) * fraction;
    });
    for (const { color, points, width: thick } of scene.strokes(between)) {
      context.strokeStyle = this.#inks[color]!;
      context.lineWidth = thick;
      context.beginPath();
      for (const [x, y] of points) context.lineTo(x, y);
      context.stroke();
    }
    const handle = scene.handle(between);
    if (this.#pull === null || handle === null) return;
    context.strokeStyle = this.#inks[0]!;
    context.lineWidth = 0.02;
    context.setLineDash([0.06, 0.06]);
    context.beginPath();
    context.moveTo(...handle);
    context.lineTo(this.#pull, handle[1]);
    context.stroke();
    context.setLineDash([]);
  }
}
