import type { Scene } from "../scenes/scene.ts";
import { viewOf } from "../scenes/views.ts";
import { ink } from "./page.ts";
import type { Player } from "./player.ts";

/** Milliseconds of a frame that steps may take where they go as fast as they can. */
const FRAME_SHARE = 4;
/** Pushes a second of a pointer that is held a stage's width away. */
const PULL = 40;

/** Draws a player's episode at 60 frames a second, and lets a hand interfere. */
export class StageView {
  /** How fast the shown episode goes, against real time; Infinity for as fast as it can. */
  speed = 1;
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #player: Player | null = null;
  #scene: Scene | null = null;
  /** Steps that are due but not taken yet: a fraction. */
  #due = 0;
  /** Where a pointer pulls, in the scene's units; null where none does. */
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

  /** A pointer pulls, or chooses where somebody plays: the left half is the first action, the right half the last. */
  #touch(event: PointerEvent): void {
    const scene = this.#scene;
    if (scene === null) return;
    const { left, width } = this.#canvas.getBoundingClientRect();
    const share = (event.clientX - left) / width;
    if (this.#player?.steer(share > 0.5)) return;
    this.#pull = scene.left + share * (scene.right - scene.left);
  }

  /** Takes the steps that are due after so many milliseconds, and draws. */
  frame(milliseconds: number): void {
    const player = this.#player;
    const scene = this.#scene;
    if (player === null || scene === null) return;
    if (this.speed === Number.POSITIVE_INFINITY) {
      const end = performance.now() + FRAME_SHARE;
      while (performance.now() < end) this.#step(player, scene);
      this.#due = 1;
    } else {
      // After a pause, in a hidden tab say, it goes on from about where it was.
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
    const share = Math.min(1, this.#due);
    const between = player.after.map((value, k) => {
      const before = player.before[k]!;
      return before + (value - before) * share;
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
