import type { Training } from "../dqn/training.ts";
import { checkpointPieces } from "../formats/checkpoint.ts";
import type { Bytes } from "../typedArrays.ts";

/** Maximum size of a checkpoint on a queue. Redis holds one for each trial of a round. */
export const MOST_CHECKPOINT_BYTES = 64 * 2 ** 20;

/**
 * Returns the checkpoint of a trial that pauses after a round. Returns null if it is larger than `most` bytes, or if the trial cannot
 * continue from it because its environment does not save its state.
 */
export function roundCheckpoint(
  training: Training,
  recipe: string,
  seconds: number,
  most = MOST_CHECKPOINT_BYTES,
): Bytes | null {
  if (training.environmentStates() === null) return null;
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (const piece of checkpointPieces(training, recipe, seconds)) {
    size += piece.length;
    if (size > most) return null;
    // The next piece may use the same memory.
    pieces.push(piece.slice());
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
