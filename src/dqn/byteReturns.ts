import type { LegalActions } from "../environments/legalActions.ts";
import { regionView } from "../network/arena.ts";
import type { TrainingPlan } from "./memoryPlan.ts";
import { NStepReturns } from "./nStep.ts";
import type { ReplayBuffer } from "./replay.ts";

/** Row of a state that is not stored yet. */
const NO_STATE = -1;

/** n-step returns of observations of bytes: stores each state once, and passes on its row instead of the observation. */
export class ByteReturns extends NStepReturns {
  /** Rows in the `StateRing` of the current state (`NO_STATE` before an episode's first step) and of the next. */
  readonly #current: Float32Array;
  readonly #next: Float32Array;
  readonly #replay: ReplayBuffer;

  constructor(
    buffer: ArrayBuffer,
    plan: TrainingPlan,
    replay: ReplayBuffer,
    nSteps: number,
    index = 0,
  ) {
    super(buffer, plan, replay, nSteps, index);
    const rows = regionView(buffer, plan.state.stateRows).subarray(2 * index, 2 * index + 2);
    rows.fill(NO_STATE);
    this.#current = rows.subarray(0, 1);
    this.#next = rows.subarray(1);
    this.#replay = replay;
  }

  override clear(): void {
    super.clear();
    this.#current.fill(NO_STATE);
  }

  override add(
    observation: ArrayLike<number>,
    action: number,
    reward: number,
    nextObservation: ArrayLike<number>,
    terminal: boolean,
    ended: boolean,
    nextLegal: LegalActions | null = null,
  ): void {
    const current = this.#current;
    const next = this.#next;
    const replay = this.#replay;
    if (current[0] === NO_STATE) current[0] = replay.storeState(observation);
    // A terminal state has no value, so any state may stand for it.
    next[0] = terminal ? replay.states!.zeros : replay.storeState(nextObservation);
    super.add(current, action, reward, next, terminal, ended, nextLegal);
    current[0] = ended ? NO_STATE : next[0]!;
  }
}
