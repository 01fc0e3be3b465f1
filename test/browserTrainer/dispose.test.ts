import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";
import { createTrainer } from "../../src/index.ts";
import { scriptedEnvironment } from "../dqn/scriptedEnvironment.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

it.each(["untrained", "trained", "slowed and still training"])(
  "dispose releases the memory of a run that is %s while the trainer is still referenced",
  async (state) => {
    const { spec } = scriptedEnvironment([{ length: 5, end: "terminated" }]);
    let memory: WeakRef<ArrayBuffer> | undefined;
    const environment: EnvironmentSpec = {
      ...spec,
      make(core, ptr) {
        memory = new WeakRef(core.buffer);
        return spec.make(core, ptr);
      },
    };
    const trainer = await createTrainer({ recipe: "solve", environment, timelineInterval: 5 });
    if (state !== "untrained") await trainer.run({ episodes: 3 });
    if (state.startsWith("slowed")) {
      await trainer.qValues(trainer.snapshot.current.observation);
      await trainer.setSpeed(10);
      trainer.run().catch(() => {});
    }
    expect(memory?.deref()).toBeDefined();
    const { steps } = trainer.snapshot;
    trainer.dispose();
    for (let k = 0; k < 50 && memory?.deref() !== undefined; k++) {
      await new Promise((resume) => setTimeout(resume, 1));
      collect();
    }
    expect(memory?.deref()).toBeUndefined();
    expect(trainer.snapshot.steps).toBe(steps);
  },
);
