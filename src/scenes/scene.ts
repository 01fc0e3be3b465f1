/** A point in the scene's units. */
export type Point = readonly [x: number, y: number];

/** A thick polyline with round ends, in the scene's units. */
export interface Stroke {
  readonly points: readonly Point[];
  readonly width: number;
  /** 0: background, 1: the part that is pushed, 2: the part that it moves. */
  readonly color: 0 | 1 | 2;
}

/** The picture of an environment: a window onto a plane, and strokes for each observation. */
export interface Scene {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
  /** Seconds of real time for each environment step. */
  readonly secondsPerStep: number;
  strokes(observation: ArrayLike<number>): Stroke[];
  /** The point at which a pointer grabs the environment; null if it cannot be grabbed. */
  handle(observation: ArrayLike<number>): Point | null;
}

/** Two numbers of the state, over which the Q-value map is drawn. The other numbers are 0. */
export interface QValueAxes {
  readonly x: { readonly name: string; readonly from: number; readonly to: number };
  readonly y: { readonly name: string; readonly from: number; readonly to: number };
  /** The observation at a point of the map. */
  observationAt(x: number, y: number): readonly number[];
  /** The point of the map at which an observation lies. */
  pointOf(observation: ArrayLike<number>): Point;
}

/** Effect of a push from outside on a classic-control state. */
export interface Push {
  /** Index of the pushed velocity in the state (4 float64). */
  readonly stateIndex: number;
  /** Change of that velocity by a push of strength 1. */
  readonly unit: number;
  /** Limit of that velocity, in both directions. */
  readonly limit: number;
}

/** Everything that pictures and the page need to show an environment. */
export interface View {
  /** Ids of the environments that look like this. */
  readonly environments: readonly string[];
  /** @param targetPosition see `CartPoleOptions`; null for none */
  scene(options: { readonly targetPosition: number | null }): Scene;
  readonly qValueAxes: QValueAxes;
  readonly push: Push;
}

/** A stroke through `points`. */
export const stroke = (color: Stroke["color"], width: number, ...points: Point[]): Stroke => ({
  color,
  width,
  points,
});

/** Radians to degrees. */
export const degrees = (radians: number) => (radians * 180) / Math.PI;

/** Degrees to radians. */
export const radians = (angle: number) => (angle * Math.PI) / 180;
