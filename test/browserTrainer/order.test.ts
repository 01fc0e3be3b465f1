import { afterAll, describe, expect, it } from "vitest";
import type { HostRequest, HostResponse } from "../../src/browserTrainer/link.ts";
import { serveTrainer } from "../../src/browserTrainer/serveTrainer.ts";
import { defaults } from "../../src/config/config.ts";
import { Training } from "../../src/dqn/training.ts";
import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";
import { createTrainer, type Snapshot, type Trainer, weightsSha256 } from "../../src/index.ts";
import { scriptedEnvironment } from "../dqn/scriptedEnvironment.ts";

const config = {
  ...{ ...defaults, totalSteps: null, totalEpisodes: 400, hiddenSizes: [3], bufferSize: 64 },
  ...{ batchSize: 4, learningStarts: 8 },
};
const { spec } = scriptedEnvironment([{ length: 5, end: "terminated" }]);

/** An environment that counts its steps. */
function counted(): { environment: EnvironmentSpec; steps: () => number } {
  let steps = 0;
  const environment: EnvironmentSpec = {
    ...spec,
    make(core, ptr) {
      const made = spec.make(core, ptr);
      const step = made.step.bind(made);
      made.step = (action) => {
        steps++;
        return step(action);
      };
      return made;
    },
  };
  return { environment, steps: () => steps };
}

const untouched = ["addEventListener", "postMessage"].map(
  (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
);
afterAll(() => {
  for (const [name, property] of untouched) {
    if (property === undefined) Reflect.deleteProperty(globalThis, name);
    else Object.defineProperty(globalThis, name, property);
  }
});

/** A worker in this thread behind a MessageChannel, which copies messages as between threads. */
function fakeWorker(environment: EnvironmentSpec): Worker {
  const { port1, port2 } = new MessageChannel();
  let gone = false;
  const inside = {
    addEventListener(_type: "message", listener: (event: MessageEvent<HostRequest>) => void) {
      port2.onmessage = (event: MessageEvent<HostRequest>) => {
        Object.assign(globalThis, inside);
        listener(event);
      };
    },
    postMessage(response: HostResponse) {
      if (!gone) port2.postMessage(response);
    },
  };
  Object.assign(globalThis, inside);
  serveTrainer(environment);
  return {
    addEventListener(type: string, listener: (event: MessageEvent<HostResponse>) => void) {
      if (type === "message") port1.onmessage = listener;
    },
    postMessage: (request: HostRequest) => port1.postMessage(request),
    terminate() {
      gone = true;
      port1.close();
      port2.close();
    },
  } as unknown as Worker;
}

/** Calls that are made one after the other without awaiting them. `turn` yields to the event loop. */
const actions = ["run", "run 2 episodes", "pause", "abort", "turn", "dispose"] as const;
type Action = (typeof actions)[number];

/** All orders of up to `length` calls. */
function orders(length: number): Action[][] {
  if (length === 0) return [[]];
  const shorter = orders(length - 1);
  const longest = shorter.filter((order) => order.length === length - 1);
  return [...shorter, ...longest.flatMap((order) => actions.map((action) => [...order, action]))];
}

const GONE = "The trainer was disposed of.";
const BUSY = "The trainer is running already.";
const turn = () => new Promise((resume) => setTimeout(resume, 0));

/** Makes the calls. Expects every promise to settle by the rules of `run`, `pause`, `signal` and `dispose`. */
async function follow(trainer: Trainer, order: readonly Action[], steps: () => number) {
  const settled: Promise<unknown>[] = [];
  let controller = new AbortController();
  let disposed = false;
  for (const action of order) {
    if (action === "turn") await turn();
    else if (action === "pause") {
      settled.push(trainer.pause().then((value) => expect(value).toBeUndefined()));
    } else if (action === "abort") {
      controller.abort(new Error("Enough."));
      controller = new AbortController();
    } else if (action === "dispose") {
      trainer.dispose();
      disposed = true;
    } else {
      const { signal } = controller;
      const episodes = action === "run" ? Infinity : 2;
      const before = disposed;
      const call = trainer.run({ episodes, signal }).then(
        (snapshot: Snapshot) => {
          expect(before).toBe(false);
          expect(signal.aborted).toBe(false);
          expect(snapshot.steps % 1).toBe(0);
        },
        (error: Error) => {
          const allowed = [BUSY];
          if (disposed) allowed.push(GONE);
          if (signal.aborted) allowed.push("Enough.");
          expect(allowed).toContain(error.message);
        },
      );
      settled.push(call);
    }
  }
  if (!disposed) await trainer.pause();
  await Promise.all(settled);
  await turn();
  // Training has stopped.
  const taken = steps();
  await turn();
  await turn();
  expect(steps()).toBe(taken);
  return disposed;
}

const links = {
  "in this thread": (environment: EnvironmentSpec, totalEpisodes: number) =>
    createTrainer({ ...config, totalEpisodes, environment }),
  "in a worker": (environment: EnvironmentSpec, totalEpisodes: number) =>
    createTrainer({ ...config, totalEpisodes, worker: fakeWorker(environment) }),
};

describe.each(Object.entries(links))("%s", (_name, create) => {
  const started = async (totalEpisodes = config.totalEpisodes) => {
    const { environment, steps } = counted();
    return { trainer: await create(environment, totalEpisodes), steps };
  };

  it("settles every order of up to 3 calls, stops training, and can run again", async () => {
    for (const order of orders(3)) {
      const { steps, trainer } = await started();
      const disposed = await follow(trainer, order, steps).catch((error: Error) => {
        throw new Error(`${order.join(", ")}: ${error.message}`);
      });
      if (disposed) continue;
      const { episodes } = trainer.snapshot;
      const next = await trainer.run({ episodes: 1 });
      // Two concurrent training loops would train more than one episode.
      expect(next.episodes, order.join(", ")).toBe(Math.min(400, episodes + 1));
      expect(steps(), order.join(", ")).toBe(next.steps);
      trainer.dispose();
    }
  });

  it("starts a run after an unawaited pause once the first run has stopped", async () => {
    // More episodes than a busy machine plays before it delivers a message.
    const { steps, trainer } = await started(100_000);
    const ended: string[] = [];
    const first = trainer.run().then(({ finished }) => ended.push(`first, finished ${finished}`));
    const paused = trainer.pause().then(() => ended.push("pause"));
    const second = trainer.run({ episodes: 3 }).then(() => ended.push("second"));
    await Promise.all([first, paused, second]);
    expect(ended.indexOf("second")).toBe(2);
    expect(ended).toContain("first, finished false");
    expect(steps()).toBe(trainer.snapshot.steps);
    expect(trainer.snapshot.episodes).toBeLessThan(100_000);
  });

  it("takes no step in a run that is paused before it starts", async () => {
    const { trainer } = await started();
    const first = trainer.run();
    void trainer.pause();
    const second = trainer.run();
    void trainer.pause();
    const { steps } = await first;
    expect((await second).steps).toBe(steps);
  });

  it("a signal aborts only the run that it was passed to", async () => {
    const { trainer } = await started();
    const controller = new AbortController();
    const first = trainer.run({ signal: controller.signal });
    void trainer.pause();
    const second = trainer.run();
    controller.abort(new Error("Enough."));
    await expect(first).rejects.toThrow("Enough.");
    expect((await second).finished).toBe(true);
  });

  it("rejects a second concurrent run, whose signal does not affect the first", async () => {
    const { trainer } = await started();
    const first = trainer.run();
    const controller = new AbortController();
    await expect(trainer.run({ signal: controller.signal })).rejects.toThrow(BUSY);
    controller.abort();
    expect((await first).finished).toBe(true);
  });

  it("pause resolves once training has stopped, and immediately if nothing runs", async () => {
    const { steps, trainer } = await started();
    await trainer.pause();
    void trainer.run();
    await trainer.pause();
    const taken = steps();
    await turn();
    await turn();
    expect(steps()).toBe(taken);
  });

  it("ends with the weights of an uninterrupted run", async () => {
    const { trainer } = await started();
    for (let k = 0; k < 5; k++) {
      const running = trainer.run();
      void trainer.pause();
      void trainer.run({ episodes: 2 });
      await running;
      await trainer.pause();
    }
    await trainer.run();
    const whole = new Training(config, {}, spec);
    while (!whole.advance(1_000));
    expect(await trainer.weightsSha256()).toBe(await weightsSha256(whole.weights()));
  });

  it("rejects an unknown event, an invalid listener and an invalid interval", async () => {
    const { trainer } = await started();
    const listen = (event: unknown, listener: unknown) => () =>
      trainer.on(event as "snapshot", listener as () => void);
    expect(listen("anything", () => {})).toThrow('event must be "snapshot", got "anything".');
    expect(listen("snapshot", 5)).toThrow("listener must be a function, got 5.");
    await expect(createTrainer({ snapshotInterval: Number.NaN })).rejects.toThrow(
      "snapshotInterval must be a number of at least 0, got NaN.",
    );
  });
});
