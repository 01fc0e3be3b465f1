import { describe, expect, it } from "vitest";
import { createTrainer, openPolicy, type Snapshot, Training } from "../../src/index.ts";
import { scriptedEnvironment } from "../dqn/scriptedEnvironment.ts";

const short = { recipe: "solve", seed: 1, totalSteps: 700 } as const;

describe("the current episode of a snapshot", () => {
  it("is that of the training at the same step", async () => {
    const trainer = await createTrainer({ ...short, snapshotInterval: 0, frameStack: 2 });
    const snapshots: Snapshot[] = [];
    trainer.on("snapshot", (snapshot) => snapshots.push(snapshot));
    while (!(await trainer.run({ episodes: 1 })).finished);
    const training = new Training(trainer.config);
    for (const { current, episodes, steps } of snapshots) {
      training.advance(steps - training.steps);
      // A snapshot may come between two updates of a step.
      if (training.episodes !== episodes) continue;
      expect([current.length, current.return]).toEqual([
        training.actor.length,
        training.actor.return,
      ]);
      expect(current.observation).toEqual(training.actor.observation.slice());
      expect(current.state).toEqual(training.environmentStates()?.[0]);
    }
    expect(snapshots.length).toBeGreaterThan(10);
  });

  it("continues in the environment of a policy", async () => {
    const trainer = await createTrainer(short);
    await trainer.run({ episodes: 3 });
    await trainer.setSpeed(500);
    const running = trainer.run();
    await new Promise((resume) => setTimeout(resume, 40));
    await trainer.pause();
    const { current } = await running;
    const { environment, network } = openPolicy(await trainer.policy());
    environment.setState!(current.state!);
    expect(environment.getState!()).toEqual(current.state);
    expect(network.observation.length).toBe(current.observation.length);
  });

  it("is empty before the first step, and has no state without getState", async () => {
    const first = (await createTrainer(short)).snapshot;
    expect(first.current).toMatchObject({ length: 0, return: 0, observation: new Float32Array(4) });
    expect([first.lastObservation, first.points, first.loss]).toEqual([null, [], Number.NaN]);
    const { spec } = scriptedEnvironment([{ length: 5, end: "terminated" }]);
    const { snapshot } = await createTrainer({ ...short, environment: spec });
    expect(snapshot.current.state).toBe(null);
  });
});

describe("the last observation of a snapshot", () => {
  it("is that with which the latest episode ended", async () => {
    const trainer = await createTrainer(short);
    for (let k = 0; k < 10; k++) {
      const { lastObservation, ended } = await trainer.run({ episodes: 1 });
      if (ended.at(-1)?.length === 500) continue;
      const [position = 0, , angle = 0] = lastObservation!;
      expect(Math.abs(position) > 2.4 || Math.abs(angle) > (12 * Math.PI) / 180).toBe(true);
    }
  });
});
