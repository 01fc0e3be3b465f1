import type { EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { RunError, UsageError } from "../errors.ts";
import type { Snapshot } from "./snapshot.ts";
import { TrainingHost } from "./trainingHost.ts";

/** Calls a method of the host, in this thread or in a worker. */
type Call = <Method extends keyof TrainingHost>(
  method: Method,
  ...values: Parameters<TrainingHost[Method]>
) => Promise<Awaited<ReturnType<TrainingHost[Method]>>>;

/** Connection of a trainer to its host. */
export interface Link {
  readonly call: Call;
  onSnapshot: (snapshot: Snapshot) => void;
  /** Ends the host. Pending and later calls reject with `reason`. */
  close(reason: unknown): void;
}

/** Message to a worker: a call of a host's method. */
export interface HostRequest {
  readonly id: number;
  readonly method: keyof TrainingHost;
  readonly values: readonly unknown[];
}

/** Message from a worker: the result or error of the request with this id, or a snapshot. */
export type HostResponse =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly name: string; readonly message: string }
  | { readonly snapshot: Snapshot };

/** Links to a new host in this thread. */
export function localLink(environment: EnvironmentFactory | EnvironmentSpec | undefined): Link {
  // `close` sets it to null, which releases the training's memory even if the trainer stays referenced.
  let host: TrainingHost | null = new TrainingHost(
    (snapshot) => link.onSnapshot(snapshot),
    environment,
  );
  let closeReason: unknown;
  const link: Link = {
    async call(method, ...values) {
      const result = host && (await Reflect.apply(host[method], host, values));
      if (host === null) throw closeReason;
      return result;
    },
    onSnapshot() {},
    close(reason) {
      closeReason = reason;
      host?.pause();
      host = null;
    },
  };
  return link;
}

/** Links to the host of a worker that has called `serveTrainer`. */
export function workerLink(worker: Worker): Link {
  const pending = new Map<number, { resolve(value: never): void; reject(reason: unknown): void }>();
  let calls = 0;
  let closeReason: unknown;
  const link: Link = {
    call: (method, ...values) =>
      new Promise((resolve, reject) => {
        if (closeReason) throw closeReason;
        const id = calls++;
        pending.set(id, { resolve, reject });
        worker.postMessage({ id, method, values } satisfies HostRequest);
      }),
    onSnapshot() {},
    close(reason) {
      closeReason = reason;
      worker.terminate();
      for (const { reject } of pending.values()) reject(reason);
      pending.clear();
    },
  };
  worker.addEventListener("message", ({ data }: MessageEvent<HostResponse>) => {
    if ("snapshot" in data) {
      link.onSnapshot(data.snapshot);
      return;
    }
    const call = pending.get(data.id);
    pending.delete(data.id);
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
