import { isMainThread, workerData } from "node:worker_threads";

/**
 * What the main thread and the thread of a command tell each other in shared memory: a thread that computes hears of no message. The
 * first word is 1 once the run must stop. The second is 1 while a run can be stopped that leaves a checkpoint. The third is the
 * command's exit code plus 1 once it is known.
 */
export const sharedMemory = isMainThread
  ? new SharedArrayBuffer(12)
  : (workerData as SharedArrayBuffer);

const words = new Int32Array(sharedMemory);

export const requestStop = () => void Atomics.store(words, 0, 1);
export const stopRequested = () => Atomics.load(words, 0) === 1;

export const setStoppable = (stoppable: boolean) => void Atomics.store(words, 1, Number(stoppable));
export const isStoppable = () => Atomics.load(words, 1) === 1;

export const setExitCode = (code: number) => void Atomics.store(words, 2, code + 1);
/** The command's exit code; null before it is known. */
export function exitCode(): number | null {
  const word = Atomics.load(words, 2);
  return word === 0 ? null : word - 1;
}
