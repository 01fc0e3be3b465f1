import { describe, expect, it } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { planTraining } from "../../src/dqn/memoryPlan.ts";
import { createCore } from "../../src/kernels/core.ts";
import type { Backend } from "../../src/kernels/kernels.ts";
import { Program, Recording } from "../../src/kernels/program.ts";
import { ActingNetwork } from "../../src/network/actingNetwork.ts";
import type { Region } from "../../src/network/arena.ts";
import { recordBackward, recordTrainingForward } from "../../src/network/backward.ts";
import { recordForward } from "../../src/network/forward.ts";
import type { NetworkShape } from "../../src/network/networkShape.ts";
import { RandomStream } from "../../src/numerics/random.ts";

const plain: NetworkShape = {
  ...{ observationSize: 3, actionCount: 2, hiddenSizes: [5, 4], activation: "relu" },
  ...{
    outputActivation: "identity",
    normalizeObservations: false,
    batchNorm: false,
    layerNorm: false,
    dueling: false,
  },
  ...{
    convFilters: [],
    kernelSize: 3,
    stride: 1,
    padding: "valid",
  },
};

const activate = {
  relu: (x: number) => Math.max(x, 0),
  tanh: (x: number) => Math.tanh(x),
  identity: (x: number) => x,
};

const SAMPLES = 6;

/** Batch normalisation uses the batch's statistics and updates the running ones, or uses the running ones. */
type NetworkMode = "training" | "evaluation";

type Network = Pick<ReturnType<typeof makeNetwork>, "core" | "plan">;

/** A network with random parameters, and a float64 reference of its forward pass. */
function makeNetwork(changes: Partial<NetworkShape>, backend: Backend = "js") {
  const shape = { ...plain, ...changes };
  const sizes = { ...defaults, bufferSize: 1, batchSize: SAMPLES };
  const plan = planTraining({ ...sizes, shape, environmentBytes: 0 });
  const core = createCore(backend, plan.bytes);
  const random = new RandomStream(new Uint32Array(4)).seed(3);
  const floats = ({ offset, length }: Pick<Region, "offset" | "length">) =>
    new Float32Array(core.buffer, offset, length);
  const tensors = Object.fromEntries(
    plan.parameters.tensors.map(({ length, name, offset }) => {
      const values = floats({ offset: plan.state.online.offset + offset, length });
      for (let k = 0; k < length; k++) values[k] = 2 * random.next() - 1;
      if (name.endsWith("running_var")) for (let k = 0; k < length; k++) values[k]! += 1.5;
      return [name, values];
    }),
  );
  const input = floats(plan.scratch.transitions).fill(0);
  const columns = Array.from({ length: SAMPLES }, (_, b) =>
    Array.from({ length: shape.observationSize }, (_, k) => {
      input[k * plan.batch + b] = 2 * random.next() - 1;
      return input[k * plan.batch + b]!;
    }),
  );

  function dense(x: readonly number[][], name: string): number[][] {
    const [weight, bias] = [tensors[`${name}.weight`]!, tensors[`${name}.bias`]!];
    return x.map((row) =>
      Array.from(bias, (sum, o) =>
        row.reduce((total, value, i) => total + weight[o * row.length + i]! * value, sum),
      ),
    );
  }

  function normalized(x: readonly number[][], name: string, mode: NetworkMode): number[][] {
    const part = (key: string) => tensors[`${name}.${key}`]!;
    const moments = x[0]!.map((_, k) => {
      const values = x.map((row) => row[k]!);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return mode === "training"
        ? [mean, squares / values.length]
        : [part("running_mean")[k]!, part("running_var")[k]!];
    });
    return x.map((row) =>
      row.map((value, k) => {
        const [mean = 0, variance = 0] = moments[k]!;
        const normal = (value - mean) / Math.sqrt(variance + 1e-5);
        return normal * part("weight")[k]! + part("bias")[k]!;
      }),
    );
  }

  /** Layer normalisation of each sample. */
  function normalizedRows(x: readonly number[][], name: string): number[][] {
    return x.map((row) => {
      const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
      const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
      return row.map((value, k) => {
        const normal = (value - mean) / Math.sqrt(variance + 1e-5);
        return normal * tensors[`${name}.weight`]![k]! + tensors[`${name}.bias`]![k]!;
      });
    });
  }

  /** Convolutions of grids, (row, column, channel) or (channel, row, column). */
  function convolved(
    x: readonly number[][],
    name: string,
    [rows, across, channels]: readonly [number, number, number],
    order: "first" | "last",
  ): { x: number[][]; grid: [number, number, number] } {
    const { kernelSize: size, padding, stride } = shape;
    const [weight, bias] = [tensors[`${name}.weight`]!, tensors[`${name}.bias`]!];
    const places = (length: number) => {
      const count = Math.ceil((padding === "same" ? length : length - size + 1) / stride);
      const zeros = padding === "same" ? Math.max(0, (count - 1) * stride + size - length) : 0;
      return Array.from({ length: count }, (_, k) => k * stride - Math.floor(zeros / 2));
    };
    const [tops, lefts] = [places(rows), places(across)];
    const at = (row: readonly number[], r: number, c: number, channel: number) => {
      if (r < 0 || r >= rows || c < 0 || c >= across) return 0;
      return row[
        order === "last" ? (r * across + c) * channels + channel : (channel * rows + r) * across + c
      ]!;
    };
    const found = x.map((row) =>
      Array.from(bias, (start, o) =>
        tops.map((top) =>
          lefts.map((left) => {
            let sum = start;
            for (let channel = 0; channel < channels; channel++) {
              for (let k = 0; k < size * size; k++) {
                const [r, c] = [Math.floor(k / size), k % size];
                const factor = weight[(o * channels + channel) * size * size + k]!;
                sum += factor * at(row, top + r, left + c, channel);
              }
            }
            return sum;
          }),
        ),
      ).flat(2),
    );
    return { x: found, grid: [tops.length, lefts.length, bias.length] };
  }

  /** Q-values, (sample, action). */
  function expected(mode: NetworkMode): number[][] {
    let x: number[][] = columns;
    let norm = 0;
    const hide = (values: number[][]) => {
      norm++;
      if (shape.batchNorm) x = normalized(values, `bn${norm}`, mode);
      else if (shape.layerNorm) x = normalizedRows(values, `ln${norm}`);
      else x = values;
      x = x.map((row) => row.map(activate[shape.activation]));
    };
    let [rows = 0, across = 0, channels = 0] = shape.observationShape ?? [];
    shape.convFilters.forEach((_, k) => {
      const order = k === 0 ? "last" : "first";
      const next = convolved(x, `conv${k + 1}`, [rows, across, channels], order);
      [rows, across, channels] = next.grid;
      hide(next.x);
    });
    shape.hiddenSizes.forEach((_, k) => {
      hide(dense(x, `fc${k + 1}`));
    });
    const output = activate[shape.outputActivation];
    if (!shape.dueling) {
      return dense(x, `fc${shape.hiddenSizes.length + 1}`).map((row) => row.map(output));
    }
    const values = dense(x, "value").map((row) => row.map(output));
    return dense(x, "advantage").map((row, b) => {
      const advantages = row.map(output);
      const mean = advantages.reduce((sum, value) => sum + value, 0) / advantages.length;
      return advantages.map((advantage) => values[b]![0]! + advantage - mean);
    });
  }
  return { shape, plan, core, floats, tensors, columns, expected };
}

/** Runs the forward pass of the network and, with `backward`, its backward pass. */
function runNetwork({ core, plan }: Network, mode: NetworkMode, backward = false): void {
  const { scratch, state } = plan;
  const pointers = { parametersPtr: state.online.offset, inputPtr: scratch.transitions.offset };
  const recording = new Recording();
  if (mode === "training") recordTrainingForward(recording, plan, pointers);
  else recordForward(recording, plan, { ...pointers, qPtr: scratch.q.offset }, plan.batch);
  if (backward) recordBackward(recording, plan, pointers);
  const program = new Program(core, plan.program.offset, recording);
  for (const slot of program.slots("samples")) slot[0] = SAMPLES;
  program.run();
}

const grid = { observationSize: 40, observationShape: [5, 4, 2] } as const;

const networks: [string, Partial<NetworkShape>][] = [
  ["relu", {}],
  ["tanh", { activation: "tanh" }],
  ["identity", { activation: "identity" }],
  ["relu on the output", { outputActivation: "relu" }],
  ["tanh on the output", { outputActivation: "tanh" }],
  ["no hidden layer, tanh on the output", { hiddenSizes: [], outputActivation: "tanh" }],
  ["batch norm", { batchNorm: true }],
  ["batch norm and tanh", { batchNorm: true, activation: "tanh" }],
  ["a dueling head", { dueling: true }],
  ["a dueling head and batch norm", { dueling: true, batchNorm: true }],
  ["layer norm", { layerNorm: true }],
  ["layer norm and tanh", { layerNorm: true, activation: "tanh" }],
  ["a convolution", { ...grid, convFilters: [3] }],
  ["a convolution and no hidden layer", { ...grid, convFilters: [2], hiddenSizes: [] }],
  [
    "two convolutions and tanh",
    { ...grid, convFilters: [3, 2], activation: "tanh", padding: "same" },
  ],
  ["convolutions with a stride", { ...grid, convFilters: [2, 3], kernelSize: 2, stride: 2 }],
  ["convolutions and layer norm", { ...grid, convFilters: [2, 2], kernelSize: 2, layerNorm: true }],
  ["a convolution and a dueling head", { ...grid, convFilters: [2], dueling: true }],
  ["four actions", { actionCount: 4 }],
  ["four actions of a dueling head", { actionCount: 4, dueling: true }],
];

describe.each(networks)("a network with %s", (_name, changes) => {
  it.each(["evaluation", "training"] as const)(
    "computes the reference Q-values in %s mode",
    (mode) => {
      const { core, expected, floats, plan, shape } = makeNetwork(changes);
      const values = expected(mode);
      runNetwork({ core, plan }, mode);
      const q = floats(plan.scratch.q);
      values.forEach((row, b) => {
        expect(row.length).toBe(shape.actionCount);
        row.forEach((value, action) => {
          expect(q[action * plan.batch + b]).toBeCloseTo(value, 5);
        });
      });
    },
  );

  it("acts on the largest Q-value", () => {
    const { columns, core, expected, plan } = makeNetwork(changes);
    const network = new ActingNetwork(core, plan.scratch.acting);
    expected("evaluation").forEach((values, b) => {
      network.observation.set(columns[b]!);
      const action = network.greedyAction();
      values.forEach((value, k) => {
        expect(network.qValues[k]).toBeCloseTo(value, 5);
      });
      expect(network.qValues[action]).toBe(Math.max(...network.qValues));
      expect(action).toBe(network.qValues.indexOf(network.qValues[action]!));
    });
  });

  it("computes gradients that match finite differences", () => {
    const { core, expected, floats, plan, tensors } = makeNetwork(changes);
    const [q, dQ] = [floats(plan.scratch.q), floats(plan.scratch.dQ).fill(0)];
    const slope = (b: number, action: number) => ((3 * b + 5 * action) % 7) / 7 - 0.4;
    const objective = () =>
      expected("training")
        .flatMap((row, b) => row.map((value, action) => value * slope(b, action)))
        .reduce((sum, value) => sum + value, 0);
    expected("training").forEach((row, b) => {
      row.forEach((_, action) => {
        dQ[action * plan.batch + b] = slope(b, action);
      });
    });
    runNetwork({ core, plan }, "training", true);
    expect(q.some((value) => value !== 0)).toBe(true);
    for (const { length, name, offset } of plan.parameters.tensors) {
      if (name.includes("running")) continue;
      const gradient = floats({ offset: plan.scratch.gradient.offset + offset, length });
      const values = tensors[name]!;
      for (let k = 0; k < length; k++) {
        const before = values[k]!;
        const change = 2 ** -10;
        values[k] = before + change;
        const above = objective();
        values[k] = before - change;
        const below = objective();
        values[k] = before;
        expect(
          Math.abs(gradient[k]! - (above - below) / (2 * change)),
          `${name}[${k}]`,
        ).toBeLessThan(2e-3);
      }
    }
  });
});

it.each(networks)("a network with %s has the same bits on both backends", (_name, changes) => {
  const [js, wasm] = (["js", "wasm"] as const).map((backend) => {
    const { core, floats, plan, shape } = makeNetwork(changes, backend);
    floats(plan.scratch.dQ).fill(0.25, 0, shape.actionCount * SAMPLES);
    runNetwork({ core, plan }, "training", true);
    const trained = [...floats(plan.scratch.q), ...floats(plan.scratch.gradient)];
    const acting = new ActingNetwork(core, plan.scratch.acting);
    acting.observation.fill(0.3);
    acting.greedyAction();
    return [...trained, ...acting.qValues];
  });
  expect(wasm).toEqual(js);
  expect(js!.some((value) => value !== 0)).toBe(true);
});

it("moves the running statistics by a tenth towards the batch's, only in training mode", () => {
  const { core, expected, plan, tensors } = makeNetwork({ batchNorm: true, hiddenSizes: [5] });
  expect(expected("training").length).toBe(SAMPLES);
  const forward = (mode: NetworkMode) => runNetwork({ core, plan }, mode);
  const statistics = () => [...tensors["bn1.running_mean"]!, ...tensors["bn1.running_var"]!];
  const before = statistics();
  forward("evaluation");
  expect(statistics()).toEqual(before);
  forward("training");
  const once = statistics();
  forward("training");
  statistics().forEach((twice, k) => {
    expect(once[k]).not.toBe(before[k]);
    expect(twice - once[k]!).toBeCloseTo(0.9 * (once[k]! - before[k]!), 6);
  });
});
