import type { Snapshot } from "../../browserTrainer/snapshot.ts";

/** Milliseconds for which the end of a training episode stays visible, at speed 1. */
const HOLD = 450;
/** Speed relative to real time at speed 1: twice, so that the picture stays close to the run. */
const HASTE = 2;
/** Observations of an episode that are kept. */
const MOST_KEPT = 1000;
/** Upper bound of the speed: a product with Infinity may be NaN. */
const FASTEST = 1e6;

/** A training episode at the steps of the snapshots, in order. */
interface Recording {
  readonly episode: number;
  /** Probability of a random action when the recording began. */
  readonly epsilon: number;
  readonly steps: number[];
  readonly observations: ArrayLike<number>[];
  /** Null until the episode ends. */
  end: { readonly steps: number; readonly total: number } | null;
}

/**
 * Records the run's training episodes from its snapshots, and plays some of them: a training that is slowed to 15 s is still ten
 * times too fast to watch.
 */
export class TrainingEpisodes {
  /** The episode in progress. */
  #newest: Recording | null = null;
  /** The latest episode that ended. */
  #finished: Recording | null = null;
  #shown: Recording | null = null;
  #best: Recording | null = null;
  /** Step of the picture, with a fraction. */
  #position = 0;
  /** Milliseconds until the next episode; null before the end of the shown one. */
  #hold: number | null = null;

  clear(): void {
    this.#newest = null;
    this.#finished = null;
    this.#best = null;
    this.#shown = null;
  }

  /** Begins the next episode: the latest that ended, because the one in progress is more often a long one than a short one. */
  next(): void {
    const newer = (this.#finished?.episode ?? 0) > (this.#shown?.episode ?? 0);
    this.#shown = newer ? this.#finished : this.#newest;
    this.#position = this.#shown?.steps[0] ?? 0;
    this.#hold = null;
  }

  get empty(): boolean {
    return this.#newest === null;
  }

  /** Number of the episode in the picture, its chance of a random action, its step, and how it ended. */
  get facts() {
    const { end = null, episode = 0, epsilon = 0 } = this.#shown ?? {};
    const ended = this.#hold === null ? null : end;
    return { episode, epsilon, steps: Math.floor(this.#position), ended };
  }

  /** Highest return of an episode; null before the first. */
  get best(): number | null {
    return this.#best?.end?.total ?? null;
  }

  /** Records a snapshot of a run with one environment. */
  take({ current, ended, episodes, epsilon, lastObservation, steps }: Snapshot): void {
    if (steps === 0) return;
    const [first] = ended;
    if (first !== undefined) {
      // If more than one episode has ended, the last observation is not that of the recorded one.
      if (ended.length === 1 && this.#newest?.episode === first.episode) {
        this.#finish(this.#newest, first.length, first.return, lastObservation!);
      }
      this.#newest = null;
    }
    this.#newest ??= { episode: episodes + 1, epsilon, steps: [], observations: [], end: null };
    this.#add(this.#newest, current.length, current.observation);
  }

  #add({ observations, steps }: Recording, step: number, observation: ArrayLike<number>): void {
    if (steps.at(-1) === step || steps.length === MOST_KEPT) return;
    steps.push(step);
    observations.push(observation);
  }

  #finish(episode: Recording, steps: number, total: number, last: ArrayLike<number>): void {
    this.#add(episode, steps, last);
    episode.end = { steps, total };
    this.#finished = episode;
    if (this.best === null || total > this.best) this.#best = episode;
  }

  /** Moves the picture on by `milliseconds` of real time. */
  advance(milliseconds: number, speed: number, secondsPerStep: number): void {
    const shown = this.#shown;
    if (this.#hold !== null) {
      this.#hold -= milliseconds * Math.min(speed, 8);
      if (this.#hold <= 0) this.next();
    } else if (shown === null) this.next();
    else {
      const last = shown.steps.at(-1)!;
      this.#position += (milliseconds * HASTE * Math.min(speed, FASTEST)) / 1000 / secondsPerStep;
      if (this.#position < last) return;
      this.#position = last;
      if (shown.end !== null) this.#hold = HOLD;
      else if (shown !== this.#newest) this.next();
    }
  }

  /** The latest recorded observation at the picture's step; null before the first. */
  get observation(): ArrayLike<number> | null {
    return this.#shown?.observations[indexAt(this.#shown, this.#position)] ?? null;
  }

  /** Writes the state of the picture. With stacked frames, that of the last frame. */
  writePose(pose: Float64Array): void {
    if (this.#shown !== null) interpolate(this.#shown, this.#position, pose);
  }

  /** Writes the state of the best episode at the same step. Returns false after its end, or if it is the shown one. */
  writeGhost(pose: Float64Array): boolean {
    const best = this.#best;
    if (best === null || best === this.#shown || this.#position > best.end!.steps) return false;
    interpolate(best, this.#position, pose);
    return true;
  }
}

/** Index of the last observation up to a step, or 0. */
function indexAt({ steps }: Recording, step: number): number {
  let index = 0;
  while (index + 1 < steps.length && steps[index + 1]! <= step) index++;
  return index;
}

function interpolate(recording: Recording, step: number, pose: Float64Array): void {
  const { observations, steps } = recording;
  const index = indexAt(recording, step);
  const before = observations[index]!;
  const after = observations[index + 1] ?? before;
  const gap = (steps[index + 1] ?? Infinity) - steps[index]!;
  const fraction = Math.max(0, step - steps[index]!) / gap;
  const start = before.length - pose.length;
  for (let k = 0; k < pose.length; k++) {
    const value = before[start + k]!;
    pose[k] = value + (after[start + k]! - value) * fraction;
  }
}
