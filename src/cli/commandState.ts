import { isMainThread, workerData } from "node:worker_threads";

/**
 * State that the main thread and the command's thread share. It is in shared memory because a computing thread receives no messages.
 * Word 0: 1 if the run must stop. Word 1: 1 while a request to stop would make the run save a checkpoint and end. Word 2: the exit
 * code plus 1; 0 before the command has ended.
 */
export const commandState = isMainThread
  ? new SharedArrayBuffer(12)
  : (workerData as SharedArrayBuffer);

const words = new Int32Array(commandState);

export const requestStop = () => void Atomics.store(words, 0, 1);
export const stopRequested = () => Atomics.load(words, 0) === 1;

export const setStoppable = (stoppable: boolean) => void Atomics.store(words, 1, Number(stoppable));
export const isStoppable = () => Atomics.load(words, 1) === 1;

export const setExitCode = (code: number) => void Atomics.store(words, 2, code + 1);
/** The command's exit code; null before the command has ended. */
export function exitCode(): number | null {
  const word = Atomics.load(words, 2);
  return word === 0 ? null : word - 1;
}
