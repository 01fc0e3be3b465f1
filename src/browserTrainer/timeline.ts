import type { Training } from "../dqn/training.ts";
import { refuseUnless } from "../errors.ts";
import { encodePolicy } from "../formats/policy.ts";
import { regionView } from "../network/arena.ts";
import { tensorsOf } from "../network/namedTensor.ts";
import type { Bytes, Floats } from "../typedArrays.ts";

/** Bounds of the stored moments and of their weights together. */
const MOST_MOMENTS = 200;
const MOST_BYTES = 2 ** 26;

/** A moment of a run whose weights are stored. */
export interface Moment {
  /** Environment steps, episodes and updates of the run at that moment. */
  readonly steps: number;
  readonly episodes: number;
  readonly updates: number;
  /** Mean return of the last 100 training episodes; null before the first ends. */
  readonly meanReturn: number | null;
}

/**
 * The weights of a run at intervals, in bounded memory: when it is full, every other moment is dropped and the interval doubles. So the
 * moments depend only on the run. The first one stays.
 */
export class Timeline {
  /** Steps between two moments. */
  interval: number;
  readonly #training: Training;
  readonly #most: number;
  #stored: { readonly moment: Moment; readonly weights: Floats }[] = [];

  /** @param interval Infinity for no timeline */
  constructor(training: Training, interval: number) {
    this.interval = interval;
    this.#training = training;
    const bytes = 4 * training.plan.parameters.length;
    this.#most = Math.min(MOST_MOMENTS, Math.max(2, Math.floor(MOST_BYTES / bytes)));
  }

  /** Adds the current moment. */
  add(): void {
    if (this.interval === Infinity) return;
    const { agent, core, episodes, plan, steps } = this.#training;
    const meanReturn = this.#training.meanReturn100();
    const moment = { steps, episodes, updates: agent.updates, meanReturn };
    // A run that was resumed in the middle of a step has begun with a moment of the same step.
    if (this.#stored.at(-1)?.moment.steps === steps) this.#stored.pop();
    this.#stored.push({ moment, weights: regionView(core.buffer, plan.state.online).slice() });
    if (this.#stored.length <= this.#most) return;
    this.interval *= 2;
    this.#stored = this.#stored.filter(
      (one, k) => k === 0 || one.moment.steps % this.interval === 0,
    );
  }

  /** Returns the stored moments, oldest first. */
  moments(): readonly Moment[] {
    return this.#stored.map(({ moment }) => moment);
  }

  /** Returns the policy file of a stored moment. @throws UsageError if there is no moment at `steps` */
  policyAt(steps: number): Bytes {
    const found = this.#stored.find(({ moment }) => moment.steps === steps);
    refuseUnless(found !== undefined, "steps", "those of a moment of the timeline", steps);
    const { changed, config, plan, shape, spec } = this.#training;
    const { buffer, length } = found!.weights;
    const weights = () => tensorsOf(buffer, plan.parameters, { type: "f32", offset: 0, length });
    return encodePolicy({ changed, config, shape, spec, weights });
  }
}
