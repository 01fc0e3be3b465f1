// Times the training step in TensorFlow.js, written as its users write it. peers.ts starts this as a separate process.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { measureInterleaved } from "./measure.ts";
import type { TrainingStep } from "./workloads.ts";

type Tensor = object;
interface Model {
  apply(input: Tensor): Tensor;
  predict(input: Tensor): Tensor;
}

/** The part of `@tensorflow/tfjs-core` that is used here. */
interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tidy(work: () => void): void;
  tensor1d(values: ArrayLike<number>, dtype?: "int32"): Tensor;
  tensor2d(values: Float32Array, shape: [number, number]): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
  mul(a: Tensor, b: Tensor): Tensor;
  max(x: Tensor, axis: number): Tensor;
  sum(x: Tensor, axis: number): Tensor;
  oneHot(indices: Tensor, depth: number): Tensor;
  readonly losses: { meanSquaredError(labels: Tensor, predictions: Tensor): Tensor };
  readonly train: { adam(rate: number): { minimize(loss: () => Tensor): void } };
}

/** The part of `@tensorflow/tfjs-layers` that is used here. */
interface Layers {
  sequential(options: { layers: readonly object[] }): Model;
  readonly layers: {
    dense(options: { units: number; activation?: string; inputShape?: number[] }): object;
  };
}

const CAPACITY = 10_000;

function trainingStep(tf: TensorFlow, { layers, sequential }: Layers, step: TrainingStep) {
  const { activation, batchSize, hiddenSizes } = step;
  const network = () =>
    sequential({
      layers: [
        ...hiddenSizes.map((units, k) =>
          layers.dense(k === 0 ? { units, activation, inputShape: [4] } : { units, activation }),
        ),
        layers.dense({ units: 2 }),
      ],
    });
  const [online, target] = [network(), network()];
  const optimizer = tf.train.adam(1e-3);
  const replay = Float32Array.from({ length: CAPACITY * 8 }, () => 2 * Math.random() - 1);
  const observations = new Float32Array(4 * batchSize);
  const nextObservations = new Float32Array(4 * batchSize);
  const actions = new Int32Array(batchSize);
  const rewards = new Float32Array(batchSize).fill(1);
  const discounts = new Float32Array(batchSize).fill(0.99);
  return () => {
    for (let k = 0; k < batchSize; k++) {
      const row = 8 * Math.floor(Math.random() * CAPACITY);
      observations.set(replay.subarray(row, row + 4), 4 * k);
      nextObservations.set(replay.subarray(row + 4, row + 8), 4 * k);
      actions[k] = row & 8 ? 1 : 0;
    }
    tf.tidy(() => {
      const states = tf.tensor2d(observations, [batchSize, 4]);
      const nextStates = tf.tensor2d(nextObservations, [batchSize, 4]);
      const values = tf.mul(tf.tensor1d(discounts), tf.max(target.predict(nextStates), 1));
      const targets = tf.add(tf.tensor1d(rewards), values);
      const chosen = tf.oneHot(tf.tensor1d(actions, "int32"), 2);
      optimizer.minimize(() => {
        const q = tf.sum(tf.mul(online.apply(states), chosen), 1);
        return tf.losses.meanSquaredError(targets, q);
      });
    });
  };
}

const [folder = ".", backend = "wasm"] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const tf = require("@tensorflow/tfjs-core") as TensorFlow;
const tfLayers = require("@tensorflow/tfjs-layers") as Layers;
require(`@tensorflow/tfjs-backend-${backend}`);
await tf.setBackend(backend);
await tf.ready();
/** Warm-up: V8 takes about 2 s to compile TensorFlow.js. */
const WARM_UP_MILLISECONDS = 3_000;
const warm = new Map<string, () => void>();

function warmedUp(line: string): () => void {
  const once = trainingStep(tf, tfLayers, JSON.parse(line) as TrainingStep);
  const end = performance.now() + WARM_UP_MILLISECONDS;
  while (performance.now() < end) once();
  warm.set(line, once);
  return once;
}

for await (const line of createInterface({ input: process.stdin })) {
  // There is no version of Breakout's update.
  if (JSON.parse(line) === "breakout") {
    console.log("null");
    continue;
  }
  const once = warm.get(line) ?? warmedUp(line);
  const work = (times: number) => {
    for (let k = 0; k < times; k++) once();
  };
  console.log(JSON.stringify(measureInterleaved([work], 3)[0]));
}
