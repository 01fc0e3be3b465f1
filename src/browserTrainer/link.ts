import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { RunError, UsageError } from "../errors.ts";
import type { Snapshot } from "./snapshot.ts";
import { TrainingHost } from "./trainingHost.ts";

/** Calls a method of the host, wherever it is. */
type Ask = <Method extends keyof TrainingHost>(
  method: Method,
  ...values: Parameters<TrainingHost[Method]>
) => Promise<Awaited<ReturnType<TrainingHost[Method]>>>;

/** The way to a host. */
export interface Link {
  readonly ask: Ask;
  onSnapshot: (snapshot: Snapshot) => void;
  /** Ends the host; what waits for an answer, and whatever is asked from now on, throws `reason`. */
  close(reason: unknown): void;
}

/** A call of one of the host's methods, numbered so that its answer can be told from others. */
export interface Question {
  readonly number: number;
  readonly method: keyof TrainingHost;
  readonly values: readonly unknown[];
}

/** What comes back: what the call returned, what it threw, or, unasked, a snapshot. */
export type Answer =
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly name: string; readonly message: string }
  | { readonly snapshot: Snapshot };

/** A host in this thread. */
export function hostHere(environment: EnvironmentSpec | undefined): Link {
  // Dropped when it is closed: a link that is kept must not keep the training's memory.
  let host: TrainingHost | null = new TrainingHost(
    (snapshot) => link.onSnapshot(snapshot),
    environment,
  );
  let closed: unknown;
  const link: Link = {
    ask: async (method, ...values) => {
      const answer = host && (await Reflect.apply(host[method], host, values));
      if (host === null) throw closed;
      return answer;
    },
    onSnapshot: () => {},
    close(reason) {
      closed = reason;
      host?.pause();
      host = null;
    },
  };
  return link;
}

/** A host in a worker that has called `serveTrainer`. */
export function hostIn(worker: Worker): Link {
  const waiting = new Map<number, { resolve(value: never): void; reject(reason: unknown): void }>();
  let asked = 0;
  let closed: unknown = null;
  const link: Link = {
    ask: (method, ...values) =>
      new Promise((resolve, reject) => {
        if (closed !== null) throw closed;
        const number = asked++;
        waiting.set(number, { resolve, reject });
        worker.postMessage({ number, method, values } satisfies Question);
      }),
    onSnapshot: () => {},
    close(reason) {
      closed = reason;
      worker.terminate();
      for (const { reject } of waiting.values()) reject(reason);
      waiting.clear();
    },
  };
  worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    if ("snapshot" in data) {
      link.onSnapshot(data.snapshot);
      return;
    }
    const call = waiting.get(data.number);
    waiting.delete(data.number);
    if ("value" in data) call?.resolve(data.value as never);
    else call?.reject(new (data.name === "UsageError" ? UsageError : RunError)(data.message));
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    const reason = event.message || "it could not be loaded, or the page's CSP forbids it";
    link.close(new RunError(`The trainer's worker failed: ${reason}.`));
  });
  return link;
}
