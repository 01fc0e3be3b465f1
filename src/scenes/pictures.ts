import { RunError, show } from "../errors.ts";
import type { Picture, Point, Stroke } from "./scene.ts";
import { viewOf } from "./views.ts";

/** A text of one or more lines, or strokes. */
export type Shown = string | Picture;

/** Seconds per step of texts, and of pictures that do not say. */
const SECONDS_PER_STEP = 0.1;

export function secondsPerStep(shown: Shown | undefined): number {
  return (typeof shown === "object" && shown.secondsPerStep) || SECONDS_PER_STEP;
}

/** Options of an environment on which its pictures depend. */
interface PictureOptions {
  readonly targetPosition: number | null;
  readonly frameStack: number;
}

/**
 * Returns a function that shows the current state of an environment: the scene of a built-in one at the given observation, or what
 * your `render` returns. Null if there is neither.
 */
export function pictureSource(
  id: string,
  options: PictureOptions,
  environment: { render?(): Shown },
): ((observation: ArrayLike<number>) => Shown) | null {
  const scene = viewOf(id)?.scene(options);
  if (scene !== undefined) {
    return (observation) => {
      const newest = Array.from(observation).slice(-observation.length / options.frameStack);
      return { ...scene, strokes: scene.strokes(newest) };
    };
  }
  if (environment.render === undefined) return null;
  return () => checkedPicture(id, environment.render!());
}

/** Returns a copy of a picture, since `render` may return the same object each time. @throws RunError for anything else */
function checkedPicture(id: string, value: unknown): Shown {
  if (typeof value === "string") return value;
  const picture = value as Picture;
  const { bottom, left, right, secondsPerStep = 1, strokes, top } = picture ?? {};
  const isFrame = left < right && bottom < top && Number.isFinite(right - left + top - bottom);
  const fits = isFrame && secondsPerStep > 0 && Array.isArray(strokes) && strokes.every(isStroke);
  if (!fits) {
    throw new RunError(
      `render of ${id} must return a text, or left < right, bottom < top and strokes of points, width and color (0, 1 or 2), got ${show(value)}.`,
    );
  }
  const copies = strokes.map(({ color, points, width }: Stroke): Stroke => {
    const copy = points.map(([x, y]): Point => [x, y]);
    // A line of two equal points is a dot.
    return { color, width, points: copy.length === 1 ? [...copy, ...copy] : copy };
  });
  return { ...picture, strokes: copies };
}

function isStroke(value: Stroke): boolean {
  return (
    [0, 1, 2].includes(value?.color) &&
    value.width > 0 &&
    Array.isArray(value.points) &&
    value.points.length > 0 &&
    value.points.every((point) => Number.isFinite(point?.[0]) && Number.isFinite(point[1]))
  );
}
