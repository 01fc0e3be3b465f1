import { expect, it } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { inactiveReason } from "../../src/web/views/inactiveReason.ts";

it("names the reason for which a hyperparameter has no effect", () => {
  expect(inactiveReason("priorityAlpha", defaults)).toBe("prioritized is off");
  expect(inactiveReason("priorityAlpha", { ...defaults, prioritized: true })).toBe("");
  expect(inactiveReason("huberBeta", { ...defaults, loss: "mse" })).toBe("the loss is not huber");
  expect(inactiveReason("tau", { ...defaults, targetUpdateUnit: "none" })).toBe(
    "there is no target network",
  );
  expect(inactiveReason("forceNoise", { ...defaults, env: "MountainCar-v0" })).toBe(
    "this is not CartPole",
  );
  expect(inactiveReason("gamma", defaults)).toBe("");
  expect(inactiveReason("qLambda", defaults)).toBe("the algorithm is dqn");
  const pqn = { ...defaults, algorithm: "pqn" } as const;
  expect(inactiveReason("qLambda", pqn)).toBe("");
  expect(inactiveReason("batchSize", pqn)).toBe("the algorithm is pqn");
  expect(inactiveReason("tau", pqn)).toBe("the algorithm is pqn");
  const selfPlay = { ...pqn, env: "ConnectFour" };
  expect(inactiveReason("opponentPool", selfPlay)).toBe("the algorithm is pqn");
  expect(inactiveReason("opponentPool", { ...defaults, env: "ConnectFour" })).toBe("");
});
