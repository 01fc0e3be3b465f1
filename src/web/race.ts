import type { Snapshot } from "../browserTrainer/snapshot.ts";
import { createTrainer, type Trainer } from "../browserTrainer/trainer.ts";
import { findRecipe } from "../config/recipes.ts";
import type { Backend } from "../kernels/kernels.ts";
import type { Choice } from "./address.ts";
import { Chart } from "./charts.ts";
import { count } from "./page.ts";
import { RollingMean } from "./rollingMean.ts";
import { trainingWorker } from "./session.ts";

const backends = ["wasm", "js"] as const satisfies Backend[];

/** Trains the same seed on both backends, each in its own worker. */
export class Race {
  readonly #chart: Chart;
  readonly #verdict: HTMLElement;
  readonly #rows: readonly HTMLElement[];
  readonly #onEnd: () => void;
  #trainers: readonly Trainer[] = [];
  /** Number of the current race. Late answers of earlier races are ignored. */
  #race = 0;
  #running = false;
  /** For each backend: the mean of its last 100 returns, and its last snapshot. */
  #means: readonly RollingMean[] = [];
  #last: { steps: number; milliseconds: number }[] = [];

  constructor(root: HTMLElement, onEnd: () => void) {
    this.#verdict = root.querySelector(".verdict")!;
    this.#rows = backends.map((backend) => root.querySelector(`[data-backend=${backend}]`)!);
    this.#onEnd = onEnd;
    this.#chart = new Chart(root.querySelector(".chart")!, {
      x: "seconds of training",
      height: 200,
      curves: [
        { label: "wasm", ink: "--ink-cart" },
        { label: "js", ink: "--ink-pole" },
      ],
      describe: () => `The race: ${this.#verdict.textContent}`,
    });
  }

  get running(): boolean {
    return this.#running;
  }

  /** Runs both until they finish or `stop` is called. @throws UsageError or RunError if one cannot start, or fails */
  async run({ changes, recipe }: Choice): Promise<void> {
    const { name } = findRecipe(recipe);
    const race = ++this.#race;
    this.#running = true;
    this.#chart.clear();
    delete this.#verdict.dataset.equal;
    this.#verdict.textContent = "Both are training.";
    this.#means = backends.map(() => new RollingMean());
    this.#last = backends.map(() => ({ steps: 0, milliseconds: 0 }));
    const begun = await Promise.allSettled(
      backends.map((backend) =>
        createTrainer({ ...changes, recipe: name, backend, worker: trainingWorker() }),
      ),
    );
    const trainers = begun.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const failed = begun.find((each) => each.status === "rejected");
    try {
      if (failed !== undefined) throw failed.reason;
      if (race !== this.#race) return;
      this.#trainers = trainers;
      trainers.forEach((trainer, k) => {
        trainer.on("snapshot", (snapshot) => this.#show(k, snapshot));
      });
      const ends = await Promise.all(trainers.map((trainer) => trainer.run()));
      const sums = await Promise.all(trainers.map((trainer) => trainer.weightsSha256()));
      this.#judge(ends, sums);
    } catch (error) {
      if (race !== this.#race) return;
      this.#verdict.textContent = "The race did not finish.";
      throw error;
    } finally {
      for (const trainer of trainers) trainer.dispose();
      if (race === this.#race) this.#end();
    }
  }

  /** Stops the race. */
  stop(): void {
    this.#race++;
    for (const trainer of this.#trainers) trainer.dispose();
    this.#verdict.textContent = "The race was stopped.";
    this.#end();
  }

  #end(): void {
    this.#trainers = [];
    this.#running = false;
    this.#onEnd();
  }

  #show(k: number, { ended, milliseconds, steps }: Snapshot): void {
    const last = this.#last[k]!;
    for (const episode of ended) {
      const fraction = (episode.steps - last.steps) / Math.max(steps - last.steps, 1);
      const time = last.milliseconds + fraction * (milliseconds - last.milliseconds);
      this.#chart.add(k, time / 1000, this.#means[k]!.add(episode.return));
    }
    this.#last[k] = { steps, milliseconds };
    this.#rows[k]!.querySelector(".steps")!.textContent = count.format(steps);
    const rate = (1000 * steps) / Math.max(milliseconds, 1);
    this.#rows[k]!.querySelector(".rate")!.textContent = count.format(rate);
    this.#rows[k]!.querySelector(".time")!.textContent = `${(milliseconds / 1000).toFixed(2)} s`;
  }

  #judge([wasm, js]: readonly Snapshot[], [wasmSum = "", jsSum]: readonly string[]): void {
    const ratio = js!.milliseconds / wasm!.milliseconds;
    const equal = wasmSum === jsSum;
    this.#verdict.dataset.equal = String(equal);
    this.#verdict.textContent = equal
      ? `wasm is ${ratio.toFixed(1)} times as fast, and both learned the same weights, bit for bit: ${wasmSum.slice(0, 12)} ✓`
      : `The weights differ: ${wasmSum.slice(0, 12)} and ${jsSum?.slice(0, 12)}. This is a bug: please report it.`;
  }

  /** Draws the points added since the last call. */
  draw(): void {
    this.#chart.draw();
  }
}
