import { writeSync } from "node:fs";
import { Writable } from "node:stream";
import { isatty, WriteStream } from "node:tty";

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Writes all bytes. Waits if the reader of a pipe is slow. */
function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const full = error instanceof Error && "code" in error && error.code === "EAGAIN";
      if (!full) throw error;
      Atomics.wait(pause, 0, 0, 5);
    }
  }
}

/**
 * Standard stream of a thread with synchronous writes. Node's own sends each text to the main thread, so texts are lost if the
 * thread ends. A failed write emits "error"; later texts are dropped.
 */
export class SynchronousStream extends Writable {
  readonly isTTY: boolean;
  readonly #descriptor: number;
  readonly #terminal: WriteStream | null;
  #failed = false;

  constructor(descriptor: number) {
    super({ decodeStrings: true });
    this.isTTY = isatty(descriptor);
    this.#descriptor = descriptor;
    this.#terminal = this.isTTY ? new WriteStream(descriptor) : null;
  }

  /** Current width of the terminal; undefined if the stream is not a terminal. */
  get columns(): number | undefined {
    return this.#terminal?.getWindowSize()[0];
  }

  override _write(bytes: Uint8Array, _encoding: string, done: () => void): void {
    try {
      if (!this.#failed) writeAll(this.#descriptor, bytes);
    } catch (error) {
      this.#failed = true;
      this.emit("error", error);
    }
    done();
  }
}
