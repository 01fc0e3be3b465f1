/** A point in the scene's units. */
export type Point = readonly [x: number, y: number];

/** A thick polyline with round ends, in the scene's units. */
export interface Stroke {
  readonly points: readonly Point[];
  readonly width: number;
  /** 0: background, 1: the part that a push moves, 2: the part attached to it. */
  readonly color: 0 | 1 | 2;
}

/** Visible rectangle of a plane, in the scene's units. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** An environment at one moment. Later strokes cover earlier ones. */
export interface Picture extends Frame {
  /** Seconds of real time until the next picture; 0.1 by default. */
  readonly secondsPerStep?: number;
  readonly strokes: readonly Stroke[];
}

/** Pictures of an environment: strokes for each observation. */
export interface Scene extends Frame {
  /** Seconds of real time per environment step. */
  readonly secondsPerStep: number;
  strokes(observation: ArrayLike<number>): Stroke[];
  /** Point at which a pointer can grab the environment; null if it cannot. */
  handle(observation: ArrayLike<number>): Point | null;
}

/** Axes of the Q-value map: two numbers of the state. The other numbers are 0. */
export interface QValueAxes {
  readonly x: { readonly name: string; readonly from: number; readonly to: number };
  readonly y: { readonly name: string; readonly from: number; readonly to: number };
  /** Returns the observation at a point of the map. */
  observationAt(x: number, y: number): readonly number[];
  /** Returns the point of an observation on the map. */
  pointOf(observation: ArrayLike<number>): Point;
}

/** Effect of a user's push on a classic-control state. */
export interface Push {
  /** Index of the pushed velocity in the state (4 float64). */
  readonly stateIndex: number;
  /** Velocity change by a push of strength 1. */
  readonly unit: number;
  /** Maximum absolute velocity. */
  readonly limit: number;
}

/** Everything that drawing an environment needs. */
export interface View {
  /** Ids of the environments with this view. */
  readonly environments: readonly string[];
  /** @param targetPosition see `EnvironmentOptions`; null for none */
  scene(options: { readonly targetPosition: number | null }): Scene;
  /** Observation at which a small picture shows what the task is about. */
  readonly example: readonly number[];
  readonly qValueAxes: QValueAxes;
  readonly push: Push;
}

/** Makes a stroke through `points`. */
export const stroke = (color: Stroke["color"], width: number, ...points: Point[]): Stroke => ({
  color,
  width,
  points,
});

/** Radians to degrees. */
export const degrees = (radians: number) => (radians * 180) / Math.PI;

/** Degrees to radians. */
export const radians = (angle: number) => (angle * Math.PI) / 180;
