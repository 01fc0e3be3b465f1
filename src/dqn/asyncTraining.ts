import type { Config } from "../config/config.ts";
import type { AsyncEnvironment, PromisedReset } from "../environments/asyncEnvironment.ts";
import { CheckedEnvironment } from "../environments/customEnvironment.ts";
import type { Environment } from "../environments/environment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { refuseDivergence } from "./divergence.ts";
import type { TrainingObserver } from "./observer.ts";
import { Training } from "./training.ts";
import { yieldToEventLoop } from "./yieldToEventLoop.ts";

/** Waits for a result. Returns a function that returns the result or throws the error. */
async function settled<Value>(ask: () => Value | PromiseLike<Value>): Promise<() => Value> {
  try {
    const value = await ask();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** A training in an asynchronous environment. It awaits each result, then plays the step in a synchronous copy of the environment. */
export class AsyncTraining extends Training {
  readonly #game: AsyncEnvironment;
  /** Returns the results of the game that have arrived. */
  readonly #relay: { -readonly [Key in keyof Environment]: Environment[Key] };
  /** Asks for the first observation of the next episode; null within an episode. */
  #askFirst: (() => Promise<ArrayLike<number>>) | null;

  constructor(
    config: Config,
    observer: TrainingObserver,
    own: EnvironmentSpec,
    { environment: game, observation }: PromisedReset,
  ) {
    const { actionCount, legalActions, observationSize, players = 1 } = game;
    const { observationType = "float32" } = game;
    // The functions of a result are set when it has arrived.
    const relay = { actionCount, observationSize, observationType, players } as Environment;
    if (legalActions !== undefined) relay.legalActions = () => [];
    super(config, observer, { ...own, make: () => new CheckedEnvironment(relay, own.id) });
    this.#game = game;
    this.#relay = relay;
    this.#askFirst = () => observation;
  }

  /**
   * Trains until the run is finished or `stop` returns true. Yields to the event loop every 8 ms.
   * @throws RunError if the training diverges or the environment fails
   */
  async play(stop: () => boolean): Promise<void> {
    const { actor, state } = this;
    const game = this.#game;
    const relay = this.#relay;
    let last = performance.now();
    while (!this.finished && !stop()) {
      if (this.#askFirst !== null) {
        relay.reset = await settled(this.#askFirst);
        this.#askFirst = null;
        await this.#readMask();
        const seed = state.steps === 0 ? { seed: this.environmentSeed(0) } : {};
        this.beginEpisode(actor, actor.environment.reset(seed));
      }
      const action = this.chooseAction(actor);
      let terminated = false;
      relay.step = await settled(async () => {
        const result = await game.step(action);
        terminated = result?.terminated;
        return result;
      });
      if (!terminated) await this.#readMask();
      this.observe(actor, action, actor.environment.step(action));
      do {
        if (state.updatesDue > 0) this.update();
        if (performance.now() - last < 8) continue;
        await yieldToEventLoop();
        last = performance.now();
      } while (state.updatesDue > 0);
      this.syncAfterUpdates();
      this.finishStep(actor);
      if (this.finished || state.steps % 1000 === 0) refuseDivergence(this);
    }
  }

  protected override nextEpisode(): void {
    this.#askFirst = () => this.#game.reset();
  }

  async #readMask(): Promise<void> {
    const game = this.#game;
    if (game.legalActions === undefined) return;
    this.#relay.legalActions = await settled(() => game.legalActions!());
  }
}
