import { signal } from "@preact/signals";

/** Milliseconds until a push has its full strength. */
const CHARGE = 1200;
/** Velocity change of the weakest and of the strongest push, in the unit of the view: m/s for the cart. */
const WEAKEST = 0.3;
export const STRONGEST = 2.5;
/** Steps that a policy must stay upright after a push. */
const SURVIVED_AFTER = 100;

/** A push and what became of it. */
export interface PushResult {
  readonly strength: number;
  /** Null until it is decided. */
  readonly survived: boolean | null;
}

/** Scales pushes by the time that a key or pointer is held, and records which of them a policy survived. */
export class PushMeter {
  /** Strength of the push in preparation; 0 without one. */
  readonly charge = signal(0);
  /** The latest pushes, in order. */
  readonly results = signal<readonly PushResult[]>([]);
  /** Direction of the push in preparation: -1 left, 1 right, 0 none. */
  direction: -1 | 0 | 1 = 0;
  #held = 0;
  #steps = 0;

  clear(): void {
    this.direction = 0;
    this.charge.value = 0;
    this.results.value = [];
  }

  begin(direction: -1 | 1): void {
    if (this.direction !== 0) return;
    this.direction = direction;
    this.#held = 0;
    this.charge.value = WEAKEST;
  }

  /** Lets the push in preparation grow. */
  hold(milliseconds: number): void {
    if (this.direction === 0) return;
    this.#held += milliseconds;
    const fraction = Math.min(1, this.#held / CHARGE);
    this.charge.value = WEAKEST + (STRONGEST - WEAKEST) * fraction;
  }

  /** Ends the preparation. Returns the signed strength of the push; 0 without one. */
  release(): number {
    const push = this.direction * this.charge.value;
    this.direction = 0;
    this.charge.value = 0;
    if (push === 0) return 0;
    // A push before the last one is decided adds to it.
    const decided = this.results.value.filter(({ survived }) => survived !== null);
    this.results.value = [...decided, { strength: Math.abs(push), survived: null }].slice(-30);
    this.#steps = 0;
    return push;
  }

  /** Call after each step. @param fell whether the episode has ended by a fall */
  step(fell: boolean): void {
    this.#steps++;
    if (fell || this.#steps >= SURVIVED_AFTER) this.#decide(!fell);
  }

  /** Call at the end of an episode that is no fall. */
  endEpisode(): void {
    this.#decide(true);
  }

  #decide(survived: boolean): void {
    const { value } = this.results;
    const last = value.at(-1);
    if (last?.survived !== null) return;
    this.results.value = [...value.slice(0, -1), { ...last, survived }];
  }

  /** The strongest push that was survived, and the weakest that was not; null before the first. */
  get limits(): { readonly survived: number | null; readonly felled: number | null } {
    const strengths = (kind: boolean) =>
      this.results.value
        .filter(({ survived }) => survived === kind)
        .map(({ strength }) => strength);
    const [survived, felled] = [strengths(true), strengths(false)];
    return {
      survived: survived.length === 0 ? null : Math.max(...survived),
      felled: felled.length === 0 ? null : Math.min(...felled),
    };
  }
}
