import { yieldToEventLoop } from "../../dqn/yieldToEventLoop.ts";
import { framePace } from "../../scenes/framePace.ts";
import { viewOf } from "../../scenes/views.ts";
import { inks } from "../drawing/inks.ts";
import type { Player } from "../stage/player.ts";
import { startWorker } from "../startWorker.ts";
import type { Tab } from "../tabs.ts";
import type { GifRequest, GifResponse } from "./gifWorker.ts";

/** Frames of a GIF. A longer episode is cut off. */
const MOST_FRAMES = 400;
/** Milliseconds of playing between two yields to the page. */
const SLICE = 5;

/**
 * Plays the episode of `player` to its end and encodes it as an animated GIF in a worker.
 * @param onProgress receives the encoded part, from 0 to 1
 */
export async function recordGif(
  player: Player,
  { env, secondsPerStep = 0.1, tiles = false }: Tab,
  onProgress: (done: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const worker = startWorker("gifWorker.js");
  const send = (request: GifRequest) => worker.postMessage(request);
  const gif = new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
    worker.addEventListener("message", ({ data }: MessageEvent<GifResponse>) => {
      if ("gif" in data) resolve(data.gif);
      else onProgress(data.done);
    });
    worker.addEventListener("error", ({ message }) => {
      reject(new Error(`The GIF could not be drawn: ${message || "its worker does not start"}.`));
    });
  });
  const scene = viewOf(env)?.scene(player.policy.description.options);
  const { every, milliseconds } = framePace(scene?.secondsPerStep ?? secondsPerStep);
  const picture = () => {
    if (scene === undefined) return player.board;
    // A scene has functions too, which cannot be sent.
    const { bottom, left, right, top } = scene;
    return { bottom, left, right, top, strokes: scene.strokes(player.after) };
  };
  const play = async () => {
    send({ picture: picture() });
    let end = performance.now() + SLICE;
    while (player.ending === null && player.steps < every * MOST_FRAMES) {
      player.step();
      const isFrame = player.steps % every === 0 || player.ending !== null;
      if (isFrame) send({ picture: picture() });
      if (performance.now() < end) continue;
      await yieldToEventLoop();
      end = performance.now() + SLICE;
    }
    send({ inks: inks.peek(), tiles, milliseconds });
  };
  try {
    const [bytes] = await Promise.all([gif, play()]);
    return bytes;
  } finally {
    worker.terminate();
  }
}
