import { signal } from "@preact/signals";

const prefix = "wasm-dqn best score ";

/** Milliseconds until the user's best score is looked up. */
const RECALL = 700;

/** Scores that the user has reached, if the browser does not keep them: sandboxed frames may not store anything. */
const scores = new Map<string, number>();

/** The user's best score in an environment; null before the first. */
function bestScore(env: string): number | null {
  try {
    const text = localStorage.getItem(prefix + env);
    if (text !== null) return Number(text);
  } catch {}
  return scores.get(env) ?? null;
}

/** Records a score of the user. Returns the best one. */
function recordScore(env: string, score: number): number {
  const best = Math.max(score, bestScore(env) ?? -Infinity);
  scores.set(env, best);
  try {
    localStorage.setItem(prefix + env, String(best));
  } catch {}
  return best;
}

/** The user's scores in the environment on the stage. */
export class OwnScores {
  readonly #scores = signal<{ readonly last: number | null; readonly best: number | null }>({
    last: null,
    best: null,
  });
  #env = "";

  /** The last score and the best one; null before the first. */
  get value() {
    return this.#scores.value;
  }

  /** Shows the best score in `env`. Later, because the first access to a browser's storage takes many milliseconds. */
  recall(env: string): void {
    this.#env = env;
    this.#scores.value = { last: null, best: null };
    setTimeout(() => {
      const { last } = this.#scores.value;
      if (env === this.#env) this.#scores.value = { last, best: bestScore(env) };
    }, RECALL);
  }

  record(score: number): void {
    this.#scores.value = { last: score, best: recordScore(this.#env, score) };
  }
}
