import { signal } from "@preact/signals";
import type { Snapshot } from "../../browserTrainer/snapshot.ts";
import { Points } from "./points.ts";

/** Curves of a run, as far as the page has seen it. */
export class History {
  readonly episodes = new Points();
  readonly tests = new Points();
  readonly losses = new Points();
  readonly epsilons = new Points();
  /** Mean return of the last evaluation; null before the first. */
  readonly test = signal<number | null>(null);
  /** Counts the snapshots taken, so that charts draw only new ones. */
  version = 0;

  take({ ended, evaluations, points }: Snapshot): void {
    this.version++;
    for (const episode of ended) this.episodes.add(episode.steps, episode.return);
    for (const evaluation of evaluations) {
      this.tests.add(evaluation.steps, evaluation.mean);
      this.test.value = evaluation.mean;
    }
    for (const { epsilon, loss, steps } of points) {
      this.losses.add(steps, loss);
      this.epsilons.add(steps, epsilon);
    }
  }
}
