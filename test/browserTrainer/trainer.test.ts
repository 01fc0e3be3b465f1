import { describe, expect, it, vi } from "vitest";
import { recipeConfig } from "../../src/config/recipes.ts";
import {
  createTrainer,
  openPolicy,
  RunError,
  type Snapshot,
  Training,
  train,
  UsageError,
  weightsSha256,
} from "../../src/index.ts";
import { scriptedEnvironment } from "../dqn/scriptedEnvironment.ts";

const short = { recipe: "tanh-64", seed: 3, totalEpisodes: 150 } as const;

async function whole(): Promise<string> {
  const training = new Training({ ...recipeConfig("tanh-64"), seed: 3, totalEpisodes: 150 });
  while (!training.advance(10_000));
  return weightsSha256(training.weights());
}

describe("a trainer", () => {
  it("trains to the same weights with any number of pauses", async () => {
    const trainer = await createTrainer(short);
    expect(trainer.recipe).toBe("tanh-64");
    expect(trainer.config.totalEpisodes).toBe(150);
    for (let episode = 1; episode <= 3; episode++) {
      expect((await trainer.run({ episodes: 1 })).episodes).toBe(episode);
    }
    const running = trainer.run();
    await trainer.pause();
    await running;
    const { episodes, finished } = await trainer.run();
    expect([episodes, finished]).toEqual([150, true]);
    expect(await trainer.weightsSha256()).toBe(await whole());
  });

  it("reports each episode once, and the current network", async () => {
    const trainer = await createTrainer({ ...short, snapshotInterval: 0 });
    const snapshots: Snapshot[] = [];
    const end = trainer.on("snapshot", (snapshot) => snapshots.push(snapshot));
    const last = await trainer.run();
    expect(snapshots.length).toBeGreaterThan(1);
    expect(snapshots.at(-1)).toBe(last);
    expect(trainer.snapshot).toBe(last);
    const told = snapshots.flatMap(({ ended }) => ended.map(({ episode }) => episode));
    expect(told).toEqual(Array.from({ length: 150 }, (_, k) => k + 1));
    const policy = openPolicy(await trainer.policy(), "policy");
    expect(last.weights).toEqual(policy.weights);
    policy.weights.set(snapshots[0]!.weights);
    expect(policy.weights).not.toEqual(last.weights);
    end();
    await trainer.run();
    expect(snapshots.at(-1)).toBe(last);
  });

  it("resumes a checkpoint on the other backend to the same weights", async () => {
    const trainer = await createTrainer(short);
    await trainer.run({ episodes: 75 });
    const checkpoint = await trainer.checkpoint();
    trainer.dispose();
    const second = await createTrainer({ checkpoint, backend: "js" });
    expect([second.recipe, second.snapshot.episodes, second.config.backend]).toEqual([
      "tanh-64",
      75,
      "js",
    ]);
    await second.run();
    expect(await second.weightsSha256()).toBe(await whole());
    expect((await second.evaluate(3)).length).toBe(3);
  });

  it("changes hyperparameters while it trains, and refuses those that need a new run", async () => {
    const trainer = await createTrainer(short);
    await trainer.run({ episodes: 10 });
    const running = trainer.run();
    const config = await trainer.change({ learningRate: 0.01, gamma: 0.9 });
    expect([config.learningRate, config.gamma]).toEqual([0.01, 0.9]);
    expect(trainer.config).toBe(config);
    expect(Object.isFrozen(config)).toBe(true);
    const refused = trainer.change({ batchSize: 8 } as object);
    await expect(refused).rejects.toThrow(UsageError);
    expect((await running).finished).toBe(true);
    expect(await trainer.weightsSha256()).not.toBe(await whole());
    const { changed } = openPolicy(await trainer.policy()).description;
    expect(changed.toSorted()).toEqual(["gamma", "learningRate"]);
  });

  it("is aborted by a signal, and can run again", async () => {
    const trainer = await createTrainer(short);
    const controller = new AbortController();
    const running = trainer.run({ signal: controller.signal });
    controller.abort(new Error("Enough."));
    await expect(running).rejects.toThrow("Enough.");
    await expect(trainer.run({ signal: controller.signal })).rejects.toThrow("Enough.");
    expect((await trainer.run()).finished).toBe(true);
  });

  it("rejects a second concurrent run, and every call after dispose", async () => {
    const trainer = await createTrainer(short);
    const running = trainer.run();
    await expect(trainer.run()).rejects.toThrow(new RunError("The trainer is running already."));
    trainer.dispose();
    const gone = new RunError("The trainer was disposed of.");
    await expect(running).rejects.toThrow(gone);
    await expect(trainer.policy()).rejects.toThrow(gone);
  });

  it("rejects only the run if it is disposed of and aborted", async () => {
    const trainer = await createTrainer(short);
    const controller = new AbortController();
    const running = trainer.run({ signal: controller.signal });
    trainer.dispose();
    controller.abort();
    await expect(running).rejects.toThrow("The trainer was disposed of.");
    await expect(trainer.pause()).resolves.toBeUndefined();
  });

  it("can run again after an environment's error, and continues after a listener's error", async () => {
    const { spec } = scriptedEnvironment([{ length: 5, end: "terminated" }]);
    let steps = 0;
    const moody: typeof spec = {
      ...spec,
      make(core, ptr) {
        const environment = spec.make(core, ptr);
        const step = environment.step.bind(environment);
        environment.step = (action) => {
          steps++;
          if (steps === 7) throw new Error("Not today.");
          return step(action);
        };
        return environment;
      },
    };
    const trainer = await createTrainer({ ...short, environment: moody, snapshotInterval: 0 });
    await expect(trainer.run()).rejects.toThrow("Not today.");
    const heard: unknown[] = [];
    const hear = (error: unknown) => heard.push(error);
    const before = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException").on("uncaughtException", hear);
    trainer.on("snapshot", () => {
      throw new Error("A listener's own.");
    });
    expect((await trainer.run()).finished).toBe(true);
    await new Promise((resume) => setTimeout(resume));
    process.off("uncaughtException", hear);
    for (const listener of before) process.on("uncaughtException", listener);
    expect(heard.length).toBeGreaterThan(0);
  });

  it("rejects invalid arguments with the same errors as train", async () => {
    await expect(createTrainer({ gamma: 2 })).rejects.toThrow(
      new UsageError("gamma must be at most 1, got 2."),
    );
    await expect(createTrainer({ recipe: "none" as never })).rejects.toBeInstanceOf(UsageError);
    await expect(createTrainer({ checkpoint: new Uint8Array(40) })).rejects.toThrow(
      /^checkpoint is not a readable safetensors file/,
    );
    await expect(createTrainer({ checkpoint: "run" as never })).rejects.toThrow(
      new UsageError('checkpoint must be the file\'s bytes as a Uint8Array, got "run".'),
    );
    await expect(createTrainer({ worker: true as never })).rejects.toThrow(
      /^worker must be a Worker/,
    );
    await expect(createTrainer({ wasm: "core.wasm" })).rejects.toThrow(/^wasm could not be loaded/);
    const trainer = await createTrainer(short);
    for (const episodes of [0, -1, Number.NaN]) {
      await expect(trainer.run({ episodes })).rejects.toThrow(/^episodes must be a number greater/);
      await expect(trainer.evaluate(episodes)).rejects.toThrow(/^episodes must be a whole number/);
    }
  });

  it("rejects when a run diverges", async () => {
    const trainer = await createTrainer({
      ...short,
      learningRate: 1e30,
      activation: "relu",
      learningStarts: 32,
    });
    await expect(trainer.run()).rejects.toThrow(/^Training diverged by step/);
  });

  it("trains in a custom environment", async () => {
    const { spec } = scriptedEnvironment([{ length: 5, end: "terminated" }]);
    const trainer = await createTrainer({ ...short, environment: spec, totalEpisodes: 9 });
    expect((await trainer.run()).steps).toBe(45);
  });
});

/** Mocks the clock: each reading advances it by 0.1 ms. */
function slowClock() {
  let tenths = 0;
  return vi.spyOn(performance, "now").mockImplementation(() => tenths++ / 10);
}

describe("time slices", () => {
  it("learn returns soon after its time is over, and continues to the same weights", async () => {
    const training = new Training({ ...recipeConfig("tanh-64"), seed: 3, totalEpisodes: 150 });
    const looks = slowClock();
    let calls = 0;
    while (!training.learn({ milliseconds: 1 })) calls++;
    looks.mockRestore();
    // The clock is read after every step: ten readings are 1 ms.
    expect(calls).toBe(Math.floor((training.steps - 1) / 10));
    expect(await weightsSha256(training.weights())).toBe(await whole());
    expect(training.learn({ milliseconds: 1 })).toBe(true);
  });

  it("train yields to timers, and is aborted by a signal", async () => {
    const looks = slowClock();
    let turns = 0;
    const count = () => {
      turns++;
      turn = setImmediate(count);
    };
    let turn = setImmediate(count);
    await train({ ...short, totalEpisodes: 150 });
    clearImmediate(turn);
    looks.mockRestore();
    expect(turns).toBeGreaterThan(10);
    const reason = new Error("Enough.");
    await expect(train({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const longest: number[] = [];
    await train({ ...short, saveLongest: 30, longestEpisode: (length) => longest.push(length) });
    expect(longest.length).toBeGreaterThan(0);
    expect(Math.min(...longest)).toBeGreaterThan(30);
  });

  it("train rejects when a run diverges", async () => {
    const wild = { learningRate: 1e30, activation: "relu", learningStarts: 32 } as const;
    await expect(train({ ...short, ...wild })).rejects.toThrow(/^Training diverged by step/);
  });
});
