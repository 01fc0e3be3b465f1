const prefix = "wasm-dqn best score ";

/** Scores that the user has reached, if the browser does not keep them: sandboxed frames may not store anything. */
const scores = new Map<string, number>();

/** The user's best score in an environment; null before the first. */
export function bestScore(env: string): number | null {
  try {
    const text = localStorage.getItem(prefix + env);
    if (text !== null) return Number(text);
  } catch {}
  return scores.get(env) ?? null;
}

/** Records a score of the user. Returns the best one. */
export function recordScore(env: string, score: number): number {
  const best = Math.max(score, bestScore(env) ?? -Infinity);
  scores.set(env, best);
  try {
    localStorage.setItem(prefix + env, String(best));
  } catch {}
  return best;
}
