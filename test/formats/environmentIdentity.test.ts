import { describe, expect, it } from "vitest";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import {
  customEnvironment,
  encodeCheckpoint,
  encodePolicy,
  openPolicy,
  RunError,
  readCheckpoint,
  resumeTraining,
  Training,
  train,
} from "../../src/index.ts";
import Coin from "../games/coin.ts";

const training = await train({ environment: Coin, totalSteps: 60, frameStack: 2 });
const policy = encodePolicy(training);
const checkpoint = readCheckpoint(encodeCheckpoint(training), "run");

class Renamed extends Coin {
  override readonly actionNames = ["right", "up", "down", "left"];
}
class Nameless extends Coin {
  override readonly actionNames: string[] = undefined as unknown as string[];
}
class Shapeless extends Coin {
  override readonly observationShape: number[] = undefined as unknown as number[];
}
class Turned extends Coin {
  override readonly observationShape = [4, 4, 2];
}
class Longer extends Coin {
  override readonly observationSize = 33;
  override readonly observationShape = [33];
}

const identity = "Coin (2x4x4 inputs, 4 actions: up, right, down, left)";
const others = [
  ["another class", Coin, "Gold", `${identity}, got Gold (2x4x4 inputs, 4 actions: up, right`],
  [
    "the built-in environment",
    "CartPole-v1",
    "",
    `${identity.replace("2x4x4", "32")}, got CartPole-v1 (4 inputs, 2 act`,
  ],
  [
    "other names of actions",
    Renamed,
    "Coin",
    `${identity}, got Coin (2x4x4 inputs, 4 actions: right`,
  ],
  ["another shape of the same size", Turned, "Coin", `${identity}, got Coin (4x4x2 inputs`],
  ["other sizes", Longer, "Coin", `${identity}, got Coin (33 inputs`],
] as const;

it("names the class in the configuration, the policy and the checkpoint", () => {
  expect(training.config.env).toBe("Coin");
  const environment = {
    id: "Coin",
    observationSize: 32,
    observationShape: [2, 4, 4],
    actionCount: 4,
    actionNames: ["up", "right", "down", "left"],
  };
  expect(checkpoint.environment).toEqual(environment);
  expect(openPolicy(policy, "p", { env: Coin }).description).toMatchObject({
    env: "Coin",
    environment,
  });
});

describe("a policy of your own game", () => {
  it("plays only in its own environment, with the frames that it was trained with", () => {
    const { environment, spec } = openPolicy(policy, "p", { env: Coin });
    expect([spec.id, environment.reset({ seed: 1 }).length]).toEqual(["Coin", 64]);
    for (const vague of [Nameless, Shapeless]) {
      const env = customEnvironment("Coin", vague);
      expect(() => openPolicy(policy, "p", { env })).not.toThrow();
    }
  });

  it("never plays CartPole without an environment", () => {
    expect(() => openPolicy(policy, "p")).toThrow(
      new RunError(
        'p was trained in "Coin", which is not built in: give its module (--env) or class.',
      ),
    );
  });

  it.each(others)("is refused in %s", (_, environment, id, message) => {
    const env = typeof environment === "string" ? environment : customEnvironment(id, environment);
    expect(() => openPolicy(policy, "p", { env })).toThrow(`p needs the environment ${message}`);
  });

  it("is refused if its identity is damaged", () => {
    const { metadata, tensors } = decodeTensors(policy, "p");
    const shape = '{"id":"Coin","observationSize":32,"actionCount":4,"observationShape":"2x4x4"}';
    for (const environment of ["", "5", "null", "{}", '{"id":"Coin","observationSize":0}', shape]) {
      const file = encodeSafetensors({ metadata: { ...metadata, environment }, tensors });
      expect(() => openPolicy(file, "p", { env: Coin })).toThrow(
        /^environment in p must have an id and sizes, got /,
      );
    }
  });
});

it("a policy of CartPole-v0 plays CartPole-v1, but not your game", async () => {
  const file = encodePolicy(await train({ env: "CartPole-v0", totalSteps: 20 }));
  expect(openPolicy(file, "p", { env: "CartPole-v1" }).spec.id).toBe("CartPole-v1");
  expect(() => openPolicy(file, "p", { env: Coin })).toThrow(
    /^p needs the environment CartPole-v0/,
  );
});

describe("a checkpoint of your game", () => {
  it("resumes in its own environment", () => {
    const resumed = resumeTraining(checkpoint, { totalSteps: 90 }, {}, Coin);
    resumed.advance(30);
    expect([resumed.steps, resumed.finished]).toEqual([90, true]);
  });

  it("is refused without an environment", () => {
    expect(() => resumeTraining(checkpoint)).toThrow(/^run was trained in "Coin", which is not/);
  });

  it.each(others.filter(([, environment]) => typeof environment === "function"))(
    "is refused in %s",
    (_, environment, id, message) => {
      const other = customEnvironment(id, environment as typeof Coin);
      expect(() => resumeTraining(checkpoint, {}, {}, other)).toThrow(
        `run needs the environment ${message}`,
      );
    },
  );
});

it("refuses your environment with the id of a built-in one", () => {
  const environment = customEnvironment("CartPole-v1", Coin);
  expect(() => new Training(training.config, {}, environment)).toThrow(
    "Your environment needs another id than CartPole-v1.",
  );
});
