import { describe, expect, it } from "vitest";
import {
  type Config,
  createTrainer,
  openPolicy,
  type Trainer,
  UsageError,
} from "../../src/index.ts";

const short = { recipe: "solve", seed: 1, totalSteps: 600, hiddenSizes: [12, 7] } as const;

async function trained(changes: Partial<Config> = {}): Promise<Trainer> {
  const trainer = await createTrainer({ ...short, ...changes });
  await trainer.run();
  return trainer;
}

/** Observations of CartPole, (count, 4). */
const observations = (count: number) =>
  Float32Array.from({ length: 4 * count }, (_, k) => Math.sin(3 * k) / (1 + (k % 4)));

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs));
  Array.from(actual).forEach((value, k) => {
    expect(Math.abs(value - expected[k]!)).toBeLessThanOrEqual(1e-5 * largest);
  });
}

describe("Q-values in batches", () => {
  it.each<[string, Partial<Config>]>([
    ["two layers", {}],
    ["no hidden layer", { hiddenSizes: [] }],
    ["a dueling head", { dueling: true }],
    ["batch normalisation", { batchNorm: true }],
    ["normalised observations", { normalizeObservations: true }],
    ["ReLU on the backend js", { activation: "relu", backend: "js" }],
    ["8 observations per pass", { hiddenSizes: [1024, 1024], totalSteps: 20 }],
    ["1 observation per pass", { hiddenSizes: [800, 800], backend: "js", totalSteps: 20 }],
  ])("are those of the policy, with %s", async (_name, changes) => {
    const trainer = await trained(changes);
    const { network } = openPolicy(await trainer.policy());
    for (const count of [0, 1, 8, 67, 130]) {
      const inputs = observations(count);
      const expected = Array.from({ length: count }, (_, k) => {
        network.observation.set(inputs.subarray(4 * k, 4 * k + 4));
        network.greedyAction();
        return [...network.qValues];
      });
      expectClose(await trainer.qValues(inputs), expected.flat());
    }
  });

  it("are answered while it trains", async () => {
    const trainer = await createTrainer({ ...short, totalSteps: 3_000 });
    const inputs = observations(100);
    const before = await trainer.qValues(inputs);
    const running = trainer.run();
    const during = [await trainer.qValues(inputs), await trainer.qValues([...inputs])];
    await running;
    const after = await trainer.qValues(inputs);
    expect(after).not.toEqual(before);
    for (const values of during) expect(values.length).toBe(200);
    expect(await trainer.qValues(inputs)).toEqual(after);
  });

  it("gives the outputs of a hidden unit", async () => {
    const trainer = await trained({ dueling: true });
    const inputs = observations(70);
    for (const unit of [
      { layer: 0, index: 11 },
      { layer: 1, index: 3 },
    ]) {
      const expected: number[] = [];
      for (let k = 0; k < 70; k++) {
        const layers = await trainer.activations(inputs.subarray(4 * k, 4 * k + 4));
        expected.push(layers[unit.layer]![unit.index]!);
      }
      expectClose(await trainer.qValues(inputs, unit), expected);
    }
  });

  it("rejects observations and units that do not fit", async () => {
    const trainer = await trained();
    await expect(trainer.qValues([1, 2, 3])).rejects.toThrow(
      new UsageError("observations must be a multiple of 4 numbers, got 0.75."),
    );
    await expect(trainer.qValues("1234" as never)).rejects.toThrow(UsageError);
    for (const unit of [
      { layer: 2, index: 0 },
      { layer: 1, index: 7 },
      { layer: 0, index: -1 },
    ]) {
      await expect(trainer.qValues(observations(1), unit)).rejects.toThrow(
        /^unit must be the layer and index of a hidden unit, got /,
      );
    }
  });
});

describe("activations", () => {
  it("are the outputs of the hidden layers and the Q-values", async () => {
    for (const dueling of [false, true]) {
      const trainer = await trained({ dueling });
      const { network } = openPolicy(await trainer.policy());
      network.observation.set([0.1, -0.2, 0.3, -0.4]);
      network.greedyAction();
      const layers = await trainer.activations([0.1, -0.2, 0.3, -0.4]);
      expect(layers.map(({ length }) => length)).toEqual([12, 7, 2]);
      expect(layers[2]).toEqual(network.qValues.slice());
      const [weight, bias] = await trainer.weights();
      const first = weight!.values.subarray(0, 4);
      const sum = first[0]! * 0.1 - first[1]! * 0.2 + first[2]! * 0.3 - first[3]! * 0.4;
      expect(layers[0]![0]).toBeCloseTo(Math.tanh(sum + bias!.values[0]!), 5);
    }
  });

  it("reject an observation of another length", async () => {
    const trainer = await trained();
    await expect(trainer.activations([1, 2, 3])).rejects.toThrow(
      new UsageError("observation must be 4 numbers, got [1,2,3]."),
    );
  });
});

it("weights are copies with the names of the policy file", async () => {
  const trainer = await createTrainer(short);
  const before = await trainer.weights();
  const kept = before.map(({ values }) => values.slice());
  expect(before.map(({ name, shape }) => [name, shape])).toEqual([
    ["fc1.weight", [12, 4]],
    ["fc1.bias", [12]],
    ["fc2.weight", [7, 12]],
    ["fc2.bias", [7]],
    ["fc3.weight", [2, 7]],
    ["fc3.bias", [2]],
  ]);
  await trainer.run();
  expect(before.map(({ values }) => values)).toEqual(kept);
  expect((await trainer.weights()).map(({ values }) => values)).not.toEqual(kept);
});
