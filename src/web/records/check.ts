import { reasonOf } from "../../errors.ts";
import { startWorker } from "../startWorker.ts";
import type { CheckRequest, CheckResponse } from "../workers/recordsWorker.ts";

const count = new Intl.NumberFormat("en");

/** One check in a worker: a policy file is trained again. Its line of text shows the progress and then the result. */
export class Check {
  readonly #line: HTMLElement;
  /** Element that the result colours. */
  readonly #marked: HTMLElement;
  #worker: Worker | null = null;
  #settle: () => void = () => {};

  constructor(line: HTMLElement, marked = line) {
    this.#line = line;
    this.#marked = marked;
  }

  get isRunning(): boolean {
    return this.#worker !== null;
  }

  /** Checks a file. Returns when the result is shown or the check is stopped. */
  async run(file: string, isRecord: boolean, read: () => Promise<Uint8Array>): Promise<void> {
    this.stop();
    const worker = startWorker("../recordsWorker.js");
    this.#worker = worker;
    delete this.#marked.dataset.result;
    this.#line.textContent = "Loading.";
    const stopped = new Promise<void>((resolve) => {
      this.#settle = resolve;
    });
    try {
      await Promise.race([this.#train(worker, file, isRecord, read), stopped]);
    } catch (error) {
      if (this.#worker === worker) this.#show(reasonOf(error), false);
    } finally {
      worker.terminate();
      if (this.#worker === worker) this.#worker = null;
    }
  }

  async #train(
    worker: Worker,
    file: string,
    isRecord: boolean,
    read: () => Promise<Uint8Array>,
  ): Promise<void> {
    const start = performance.now();
    const bytes = await read();
    if (this.#worker !== worker) return;
    const problem = await new Promise<string | null>((resolve) => {
      worker.addEventListener("message", ({ data }: MessageEvent<CheckResponse>) => {
        if ("problem" in data) resolve(data.problem);
        else this.#line.textContent = `Training: step ${count.format(data.steps)}.`;
      });
      worker.addEventListener("error", ({ message }) =>
        resolve(message || "The worker could not be started."),
      );
      worker.postMessage({ bytes, file, isRecord } satisfies CheckRequest);
    });
    const seconds = ((performance.now() - start) / 1000).toFixed(2);
    this.#show(problem ?? `The same weights, bit for bit, in ${seconds} s.`, problem === null);
  }

  /** Stops a running check. */
  stop(): void {
    if (this.#worker === null) return;
    this.#worker.terminate();
    this.#worker = null;
    this.#line.textContent = "Stopped.";
    this.#settle();
  }

  /** Shows a result with a mark, a word and a colour. */
  #show(sentence: string, isRight: boolean): void {
    this.#line.textContent = `${isRight ? "\u2713 Verified." : "\u2717 Not verified."} ${sentence}`;
    this.#marked.dataset.result = isRight ? "right" : "wrong";
  }
}
