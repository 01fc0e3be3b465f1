import type { Config } from "../config/config.ts";
import type { Actor } from "../dqn/actor.ts";
import type { TrainingObserver } from "../dqn/observer.ts";
import { Training } from "../dqn/training.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { Timeline } from "./timeline.ts";

/** A point of the learning curves. The points of a run do not depend on the machine's speed or on the snapshots. */
export interface CurvePoint {
  /** Environment steps and updates of the run so far. */
  readonly steps: number;
  readonly updates: number;
  /** Mean loss of the updates since the previous point. */
  readonly loss: number;
  /** Mean over the last batch of each state's highest Q-value. */
  readonly meanQ: number;
  /** Probability of a random action at the next step. */
  readonly epsilon: number;
}

/** Intervals of what a training records. */
export interface RecordingIntervals {
  /** Updates between two points of the curves. */
  readonly pointInterval: number;
  /** Steps between two moments of the timeline; Infinity for no timeline. */
  readonly timelineInterval: number;
}

/** A training that records points of its curves and a timeline of its weights. */
export class RecordedTraining extends Training {
  readonly timeline: Timeline;
  readonly #interval: number;
  #points: CurvePoint[] = [];
  /** Loss of the latest point; NaN before the first. */
  lastLoss = Number.NaN;
  /** The agent's loss sums at the latest point. They are part of the checkpoint, so they are not reset. */
  #lossSum = 0;
  #lossCount = 0;

  constructor(
    config: Config,
    observer: TrainingObserver,
    environment: EnvironmentSpec | undefined,
    { pointInterval, timelineInterval }: RecordingIntervals,
  ) {
    super(config, observer, environment);
    this.#interval = pointInterval;
    this.timeline = new Timeline(this, timelineInterval);
  }

  /** Starts the records at the current state. Call it once, after a checkpoint was restored. */
  begin(): void {
    this.#lossSum = this.agent.lossSum;
    this.#lossCount = this.agent.lossCount;
    this.timeline.add();
  }

  /** Returns the points since the last call. */
  takePoints(): readonly CurvePoint[] {
    const points = this.#points;
    this.#points = [];
    return points;
  }

  protected override update(): void {
    super.update();
    const { lossCount, lossSum, updates } = this.agent;
    if (updates % this.#interval !== 0) return;
    this.lastLoss = (lossSum - this.#lossSum) / (lossCount - this.#lossCount);
    this.#lossSum = lossSum;
    this.#lossCount = lossCount;
    this.#points.push({
      steps: this.steps,
      updates,
      loss: this.lastLoss,
      meanQ: this.agent.meanQ(),
      epsilon: this.epsilon(),
    });
  }

  protected override finishStep(actor: Actor): boolean {
    const finished = super.finishStep(actor);
    if (!this.state.midStep && this.steps % this.timeline.interval === 0) this.timeline.add();
    return finished;
  }
}
