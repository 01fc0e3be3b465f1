import { signal } from "@preact/signals";
import type { Snapshot } from "../../browserTrainer/snapshot.ts";
import { createTrainer, type Trainer } from "../../browserTrainer/trainer.ts";
import { findRecipe } from "../../config/recipes.ts";
import type { Backend } from "../../kernels/kernels.ts";
import { type Choice, environmentOf } from "./address.ts";
import { spawnWorker } from "./spawnWorker.ts";

export const backends = ["wasm", "js"] as const satisfies Backend[];

/** State of one of the two carts. */
export interface Lane {
  readonly steps: number;
  /** Training time so far. */
  readonly milliseconds: number;
  readonly sha256: string;
}

const atStart: Lane = { steps: 0, milliseconds: 0, sha256: "" };

/** Trains the same run on both backends, each in its own worker, for the same number of steps. */
export class Race {
  readonly lanes = signal<readonly Lane[]>([atStart, atStart]);
  readonly running = signal(false);
  /** Steps of the track. */
  readonly steps = signal(0);
  readonly verdict = signal("");
  /** Whether the weights are equal; null before the end. */
  readonly equal = signal<boolean | null>(null);
  #trainers: readonly Trainer[] = [];
  /** Number of the current race. Late answers of earlier ones are ignored. */
  #race = 0;

  /** Forgets the last race. */
  clear(): void {
    this.stop();
    this.verdict.value = "";
    this.#reset(0);
  }

  #reset(steps: number): void {
    this.lanes.value = [atStart, atStart];
    this.equal.value = null;
    this.steps.value = steps;
  }

  /** Trains both for `steps` steps. @throws UsageError or RunError if one cannot start, or fails */
  async run(choice: Choice, steps: number): Promise<void> {
    const race = ++this.#race;
    this.#reset(steps);
    this.running.value = true;
    this.verdict.value = "Both are training.";
    const changes = { ...choice.changes, ...raceChanges, totalSteps: steps };
    const begun = await Promise.allSettled(
      backends.map((backend) =>
        createTrainer({
          ...changes,
          recipe: findRecipe(choice.recipe).name,
          backend,
          worker: spawnWorker(environmentOf(choice), backend),
        }),
      ),
    );
    const trainers = begun.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const failed = begun.find((each) => each.status === "rejected");
    try {
      if (failed !== undefined) throw failed.reason;
      if (race !== this.#race) return;
      this.#trainers = trainers;
      const ends = await Promise.all(trainers.map((trainer, k) => this.#finish(trainer, k)));
      if (race === this.#race) this.#judge(ends);
    } catch (error) {
      if (race !== this.#race) return;
      this.verdict.value = "The race did not finish.";
      throw error;
    } finally {
      for (const trainer of trainers) trainer.dispose();
      if (race === this.#race) this.running.value = false;
    }
  }

  async #finish(trainer: Trainer, k: number): Promise<Snapshot> {
    trainer.on("snapshot", (snapshot) => this.#show(k, snapshot, ""));
    const end = await trainer.run();
    this.#show(k, end, await trainer.weightsSha256());
    return end;
  }

  #show(k: number, { milliseconds, steps }: Snapshot, sha256: string): void {
    this.lanes.value = this.lanes.value.map((lane, each) =>
      each === k ? { steps, milliseconds, sha256 } : lane,
    );
  }

  #judge([wasm, js]: readonly Snapshot[]): void {
    const [one, other] = this.lanes.value.map(({ sha256 }) => sha256);
    const ratio = js!.milliseconds / wasm!.milliseconds;
    this.equal.value = one === other;
    this.verdict.value = this.equal.value
      ? `WebAssembly is ${ratio.toFixed(1)} times as fast, and both learned the same weights, bit for bit.`
      : `The weights differ: ${one?.slice(0, 12)} and ${other?.slice(0, 12)}. This is a bug: please report it.`;
  }

  /** Stops the race. */
  stop(): void {
    this.#race++;
    for (const trainer of this.#trainers) trainer.dispose();
    this.#trainers = [];
    if (this.running.value) this.verdict.value = "The race was stopped.";
    this.running.value = false;
  }
}

/** The race has a fixed length, and no evaluations. */
const raceChanges = {
  totalEpisodes: null,
  solvedBy: "none",
  evalEvery: null,
  greedyEpisodes: 0,
} as const;
