import type { Config } from "../config/config.ts";
import { refuseDivergence } from "../dqn/divergence.ts";
import type { TrainingObserver } from "../dqn/observer.ts";
import type { RunState } from "../dqn/runState.ts";
import { Training } from "../dqn/training.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import type { LegalActions } from "../environments/legalActions.ts";
import {
  refuseUnless,
  refuseUnlessNotNegative,
  refuseUnlessObject,
  UsageError,
} from "../errors.ts";
import type { Relay } from "./relay.ts";

export interface ActOptions {
  /** Mask of the legal actions; by default, all are legal. It needs `hasLegalActions: true` in `createAgent`. */
  readonly legal?: LegalActions | null;
  /** Returns the best action and learns nothing from it. It ends the episode for learning, as truncated. Default: false. */
  readonly greedy?: boolean;
}

export interface EndOptions {
  /** Whether only a time limit ended the episode, so that its last state still has a value. Default: false. */
  readonly truncated?: boolean;
  /** The episode's last observation. A truncated episode needs it. */
  readonly observation?: ArrayLike<number>;
  /** Mask of the actions that are legal in the last state. */
  readonly legal?: LegalActions | null;
}

/** A learning player for a game loop that the library does not own. Created by `createAgent`. */
export class Agent extends Training {
  readonly #relay: Relay;
  readonly #milliseconds: number;
  /** Whether the last `act` of the current episode was to learn or greedy; null before the first. */
  #mode: "learning" | "greedy" | null = null;
  /** Whether the learner's episode has begun; null before the first. */
  #begun: boolean | null = null;
  /** Action whose reward and next observation are not known yet. */
  #action = 0;
  /** Due updates that exceeded the time budget. */
  #due = 0;

  /** @param relay the environment of `spec` */
  constructor(
    config: Config,
    observer: TrainingObserver,
    spec: EnvironmentSpec,
    relay: Relay,
    milliseconds: number,
  ) {
    super(config, observer, spec);
    this.#relay = relay;
    this.#milliseconds = milliseconds;
    this.dependsOn = "the calls of act";
  }

  /**
   * Returns the action to play. First it learns from the previous action. After the run's last step, it is always greedy.
   * @throws UsageError for an observation or mask that does not fit, RunError if the run diverged; it checks every 1,000 steps
   */
  act(observation: ArrayLike<number>, options: ActOptions = {}): number {
    refuseUnlessObject(options, "options");
    this.#read(observation, options.legal);
    const { actor } = this;
    const mode = this.#mode;
    const greedy = options.greedy === true;
    if (mode === "learning") this.#complete(false, greedy);
    if (greedy || this.finished) {
      this.#mode = "greedy";
      if (mode === null) actor.observe(actor.environment.reset());
      if (mode === "greedy") actor.observe(actor.environment.step(0).observation);
      actor.readLegalActions();
      return this.agent.policy.greedyAction(actor.legal);
    }
    if (!this.#begun) {
      const seed = this.environmentSeed(0, this.steps);
      this.beginEpisode(actor, actor.environment.reset(this.#begun === null ? { seed } : {}));
      this.#begun = true;
    }
    this.#mode = "learning";
    this.#relay.result.reward = 0;
    this.#action = this.chooseAction(actor);
    return this.#action;
  }

  /** Adds to the reward of the last action. @throws UsageError before the episode's first `act` */
  reward(reward: number): void {
    refuseUnless(Number.isFinite(reward), "reward", "a finite number", reward);
    this.#refuseBeforeAct("reward");
    this.#relay.result.reward += reward;
  }

  /** Ends the episode. @throws UsageError before its first `act`, or if the last observation is missing or does not fit */
  end(options: EndOptions = {}): void {
    refuseUnlessObject(options, "options");
    this.#refuseBeforeAct("end");
    const { observation, truncated = false } = options;
    const learning = this.#mode === "learning";
    if (observation !== undefined) this.#read(observation, options.legal);
    else if (truncated && learning) {
      throw new UsageError("end needs the last observation of a truncated episode.");
    }
    this.#mode = null;
    if (learning) this.#complete(!truncated, truncated);
  }

  /**
   * Makes due updates for about `milliseconds`, or until `stop` returns true. Only a time budget of `createAgent` leaves any. Returns
   * whether none is left.
   */
  override learn(options: {
    readonly milliseconds: number;
    readonly stop?: () => boolean;
  }): boolean {
    refuseUnlessObject(options, "options");
    const { milliseconds, stop } = options;
    refuseUnlessNotNegative(milliseconds, "milliseconds");
    const { state } = this;
    const end = performance.now() + milliseconds;
    state.updatesDue += this.#due;
    while (state.updatesDue > 0 && performance.now() < end && !stop?.()) this.update();
    this.#due = state.updatesDue;
    state.updatesDue = 0;
    return this.#due === 0;
  }

  /** @throws UsageError: only the caller's loop can step */
  override advance(): never {
    throw new UsageError("An agent plays in your own loop: call act.");
  }

  /** @throws UsageError: only the caller's loop can play an episode */
  override finalEvaluation(): never {
    return this.advance();
  }

  /** Restores the run's state. The next `act` begins a new episode. */
  override restore(state: RunState): void {
    Object.assign(this.state, state);
    this.actor.nStep.clear();
  }

  protected override nextEpisode(): void {
    this.#begun = false;
  }

  /** Learns from the last action, whose reward and next observation are known now. */
  #complete(terminated: boolean, truncated: boolean): void {
    const { actor } = this;
    const { result } = this.#relay;
    result.terminated = terminated;
    result.truncated = truncated;
    this.observe(actor, this.#action, actor.environment.step(this.#action));
    this.learn({ milliseconds: this.#milliseconds });
    this.syncAfterUpdates();
    this.finishStep(actor);
    if (this.steps % 1000 === 0) refuseDivergence(this);
  }

  #refuseBeforeAct(method: string): void {
    if (this.#mode === null) throw new UsageError(`Call act before ${method}.`);
  }

  /** Validates an observation and a mask and copies them. */
  #read(observation: ArrayLike<number>, legal: LegalActions | null = null): void {
    const { legalActions, mask, result } = this.#relay;
    const size = result.observation.length;
    const list = Array.isArray(observation) || ArrayBuffer.isView(observation);
    const bytes = this.spec.observationType === "uint8";
    const isNumber = (value: number) => (bytes ? (value & 255) === value : Number.isFinite(value));
    const fits = list && observation.length === size && Array.from(observation).every(isNumber);
    const expected = bytes ? "whole numbers from 0 to 255 (uint8)" : "finite numbers";
    refuseUnless(fits, "observation", `${size} ${expected}`, observation);
    if (legal !== null) {
      const expected = legalActions
        ? `${mask.length} values, one of them true`
        : "absent without hasLegalActions: true";
      const masks = legalActions && legal.length === mask.length && Array.from(legal).some(Boolean);
      refuseUnless(masks, "legal", expected, legal);
    }
    result.observation.set(observation);
    for (let k = 0; k < mask.length; k++) mask[k] = legal === null || legal[k] ? 1 : 0;
  }
}
