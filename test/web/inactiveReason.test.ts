import { expect, it } from "vitest";
import { type Config, type ConfigKey, defaults } from "../../src/config/config.ts";
import { parameterHelp } from "../../src/config/help.ts";
import { inactiveReason } from "../../src/web/views/inactiveReason.ts";

it("names the reason for which a hyperparameter has no effect", () => {
  expect(inactiveReason("priorityAlpha", defaults)).toBe("prioritized is off");
  expect(inactiveReason("priorityAlpha", { ...defaults, prioritized: true })).toBe("");
  expect(inactiveReason("huberBeta", { ...defaults, loss: "mse" })).toBe("the loss is not huber");
  expect(inactiveReason("tau", { ...defaults, targetUpdateUnit: "none" })).toBe(
    "there is no target network",
  );
  expect(inactiveReason("forceNoise", { ...defaults, env: "MountainCar-v0" })).toBe(
    "the environment is MountainCar-v0",
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

const prefixes: readonly [prefix: string, ...cases: [Partial<Config>, boolean][]][] = [
  [
    "Adam and RAdam",
    [{ optimizer: "adam" }, true],
    [{ optimizer: "radam" }, true],
    [{ optimizer: "rmsprop" }, false],
    [{ optimizer: "sgd" }, false],
  ],
  [
    "RMSprop",
    [{ optimizer: "rmsprop" }, true],
    [{ optimizer: "adam" }, false],
    [{ optimizer: "radam" }, false],
    [{ optimizer: "sgd" }, false],
  ],
  [
    "Adam, RAdam and RMSprop",
    [{ optimizer: "adam" }, true],
    [{ optimizer: "radam" }, true],
    [{ optimizer: "rmsprop" }, true],
    [{ optimizer: "sgd" }, false],
  ],
  ["PQN", [{ algorithm: "pqn" }, true], [{ algorithm: "dqn" }, false]],
  [
    "CartPole",
    [{ env: "CartPole-v1" }, true],
    [{ env: "CartPole-v0" }, true],
    [{ env: "Acrobot-v1" }, false],
  ],
];

it.each(prefixes)(
  "has a reason exactly where the help names another case: %s",
  (prefix, ...cases) => {
    const keys = (Object.keys(parameterHelp) as ConfigKey[]).filter((key) =>
      parameterHelp[key].startsWith(`${prefix}:`),
    );
    expect(keys).not.toEqual([]);
    for (const [changes, active] of cases) {
      for (const key of keys) {
        expect([key, changes, inactiveReason(key, { ...defaults, ...changes }) === ""]).toEqual([
          key,
          changes,
          active,
        ]);
      }
    }
  },
);

it("knows the optimizers with momentum, and convolutions", () => {
  const reason = (key: ConfigKey, changes: Partial<Config>) =>
    inactiveReason(key, { ...defaults, ...changes });
  expect(reason("momentum", { optimizer: "sgd" })).toBe("");
  expect(reason("momentum", { optimizer: "rmsprop" })).toBe("");
  expect(reason("momentum", { optimizer: "radam" })).toBe("the optimizer is radam");
  for (const key of ["kernelSize", "stride", "padding"] as const) {
    expect(reason(key, {})).toBe("there is no convolution");
    expect(reason(key, { convFilters: [16] })).toBe("");
  }
});
