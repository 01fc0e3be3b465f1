import { findGame } from "../../games/builtInGames.ts";
import { viewOf } from "../../scenes/views.ts";
import type { Inks } from "../drawing/inks.ts";
import { sizeCanvas } from "../drawing/sizeCanvas.ts";
import { paintBoard } from "../stage/boardPainter.ts";
import { Player } from "../stage/player.ts";
import { paintStrokes, placeScene } from "../stage/scenePainter.ts";
import { tabOf } from "../tabs.ts";

/** Seconds for which the end of an episode stays visible. */
const REST = 0.5;

/** The current policy plays one episode after another on a canvas. */
export class DemoStage {
  readonly #canvas: HTMLCanvasElement;
  readonly #player: Player;
  readonly #scene;
  readonly #secondsPerStep: number;
  readonly #tiles: boolean;
  /** Steps that are due, with a fraction; negative while the end of an episode is shown. */
  #due = 0;

  /** @param bytes policy file, whose weights `setWeights` replaces */
  constructor(canvas: HTMLCanvasElement, bytes: Uint8Array, env: string) {
    this.#canvas = canvas;
    this.#player = new Player(bytes, "policy", findGame(env));
    this.#scene = viewOf(env)?.scene(this.#player.policy.description.options) ?? null;
    const { secondsPerStep = 0.1, tiles = false } = tabOf(env);
    this.#secondsPerStep = this.#scene?.secondsPerStep ?? secondsPerStep;
    this.#tiles = tiles;
  }

  setWeights(weights: Float32Array): void {
    this.#player.policy.weights.set(weights);
  }

  /** Takes the steps of `seconds`. */
  advance(seconds: number): void {
    const player = this.#player;
    this.#due += Math.min(seconds, 0.25) / this.#secondsPerStep;
    for (; this.#due >= 1; this.#due--) {
      if (player.ending !== null) player.restart();
      player.step();
      if (player.ending !== null) this.#due = -REST / this.#secondsPerStep;
    }
  }

  draw(inks: Inks): void {
    const { context, height, width } = sizeCanvas(this.#canvas);
    context.clearRect(0, 0, width, height);
    const { after, before, board } = this.#player;
    const scene = this.#scene;
    if (scene === null) {
      paintBoard(context, width, height, board, inks, this.#tiles);
      return;
    }
    const fraction = this.#due < 0 ? 1 : this.#due;
    const between = after.map((value, k) => before[k]! + (value - before[k]!) * fraction);
    paintStrokes(context, placeScene(scene, width, height), scene.strokes(between), inks);
  }
}
