import type { Snapshot } from "../browserTrainer/snapshot.ts";
import { Chart } from "./charts.ts";
import { count, element } from "./page.ts";
import { RollingMean } from "./rollingMean.ts";

/** Numbers and curves of the training. */
export class LearningView {
  readonly #returns: Chart;
  readonly #trends: Chart;
  #mean = new RollingMean();
  #snapshot: Snapshot | null = null;
  /** Episodes until the mean of 100 covers only episodes seen here. A resumed run has earlier ones. */
  #unseen = 0;
  /** The last known mean loss. */
  #loss = Number.NaN;
  #rate = { steps: 0, milliseconds: 0 };

  constructor() {
    this.#returns = new Chart(element("returns"), {
      x: "environment steps",
      height: 250,
      curves: [
        { label: "return", ink: "--ink-scenery", dots: true },
        { label: "mean of 100", ink: "--ink-cart" },
        { label: "greedy check", ink: "--ink-pole", dots: true },
      ],
      describe: () => `Learning curve. ${this.describe()}`,
    });
    this.#trends = new Chart(element("trends"), {
      x: "environment steps",
      height: 170,
      curves: [
        { label: "loss", ink: "--ink-third" },
        { label: "epsilon", ink: "--ink-pole", unitAxis: true },
      ],
      describe: () => `Loss and epsilon. ${this.describe()}`,
    });
  }

  /** State of the run as a sentence. */
  describe(): string {
    if (this.#snapshot === null) return "";
    const { episodes, meanReturn, steps } = this.#snapshot;
    const mean = meanReturn === null ? "" : `, mean return ${meanReturn.toFixed(1)}`;
    return `${count.format(steps)} steps, ${count.format(episodes)} episodes${mean}.`;
  }

  begin(snapshot: Snapshot): void {
    this.#returns.clear();
    this.#trends.clear();
    this.#mean = new RollingMean();
    this.#unseen = Math.min(100, snapshot.episodes);
    this.#loss = Number.NaN;
    this.#rate = { steps: snapshot.steps, milliseconds: snapshot.milliseconds };
    element("rate").textContent = "-";
    this.take(snapshot);
  }

  take(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    const { ended, epsilon, evaluations, loss, meanReturn, steps } = snapshot;
    for (const episode of ended) {
      this.#returns.add(0, episode.steps, episode.return);
      const mean = this.#mean.add(episode.return);
      if (this.#unseen > 0) this.#unseen--;
      else this.#returns.add(1, episode.steps, mean);
    }
    if (this.#unseen > 0 && meanReturn !== null) this.#returns.add(1, steps, meanReturn);
    for (const evaluation of evaluations) this.#returns.add(2, evaluation.steps, evaluation.mean);
    if (Number.isFinite(loss)) {
      this.#loss = loss;
      this.#trends.add(0, steps, loss);
    }
    this.#trends.add(1, steps, epsilon);
  }

  draw(): void {
    this.#returns.draw();
    this.#trends.draw();
    const snapshot = this.#snapshot;
    if (snapshot === null) return;
    const { epsilon, episodes, meanReturn, milliseconds, steps } = snapshot;
    element("steps").textContent = count.format(steps);
    element("episodes").textContent = count.format(episodes);
    element("mean").textContent = meanReturn === null ? "-" : meanReturn.toFixed(1);
    element("epsilon").textContent = epsilon.toFixed(2);
    element("loss").textContent = Number.isNaN(this.#loss) ? "-" : this.#loss.toPrecision(2);
    const spent = milliseconds - this.#rate.milliseconds;
    if (spent < 20) return;
    element("rate").textContent = count.format((1000 * (steps - this.#rate.steps)) / spent);
    this.#rate = { steps, milliseconds };
  }
}
