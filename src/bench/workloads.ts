import { defaults } from "../config/config.ts";
import { recipeConfig } from "../config/recipes.ts";
import { Dqn } from "../dqn/dqn.ts";
import { planTraining } from "../dqn/memoryPlan.ts";
import { Training } from "../dqn/training.ts";
import { CartPole } from "../environments/cartPole.ts";
import { classicControlBytes } from "../environments/classicControl.ts";
import { findGame } from "../games/builtInGames.ts";
import { createCore } from "../kernels/core.ts";
import type { Backend } from "../kernels/kernels.ts";
import type { Activation } from "../network/networkShape.ts";
import { RandomStream } from "../numerics/random.ts";
import type { Work } from "./measure.ts";

/** One row of the benchmark: the same work on either backend. */
export interface Workload {
  readonly name: string;
  /** Floating-point operations of the matrix products in one repetition; null without matrix products. */
  readonly operations: number | null;
  make(backend: Backend): Work;
}

function randomStream(): RandomStream {
  return new RandomStream(new Uint32Array(4)).seed(1);
}

/** An agent that has not learned yet, with a filled replay buffer of random transitions, and its memory. */
export function filledAgent(
  backend: Backend,
  hiddenSizes: number[],
  activation: Activation,
  batchSize: number,
  bufferSize = 10_000,
) {
  const options = {
    ...defaults,
    hiddenSizes,
    activation,
    batchSize,
    bufferSize,
    loss: "mse" as const,
  };
  const shape = { ...options, observationSize: 4, actionCount: 2 };
  const plan = planTraining({ ...options, shape, environmentBytes: 0 });
  const core = createCore(backend, plan.bytes);
  const agent = new Dqn(core, plan, options, 1);
  const random = randomStream();
  const observation = () => Float32Array.from({ length: 4 }, () => 2 * random.next() - 1);
  const observations = Array.from({ length: 1_000 }, observation);
  for (let k = 0; k < bufferSize; k++) {
    const [from, to] = [observations[k % 1_000]!, observations[(k + 1) % 1_000]!];
    agent.replay.store(from, random.nextBelow(2), 1, 0.99, to);
  }
  agent.policy.observation.set(observation());
  return { agent, plan, buffer: core.buffer };
}

/** The same agent after enough batches to touch every memory page of the replay buffer once. */
function makeAgent(
  ...[backend, hiddenSizes, activation, batchSize, bufferSize = 10_000]: Parameters<
    typeof filledAgent
  >
) {
  const { agent } = filledAgent(backend, hiddenSizes, activation, batchSize, bufferSize);
  for (let k = 0; k < bufferSize / 100; k++) agent.learn();
  return agent;
}

/** 2 x inputs x outputs x batch per product: two forward passes, weight gradients, input gradients except the first layer's. */
function trainingOperations(sizes: readonly number[], batch: number): number {
  return sizes.slice(1).reduce((sum, outputs, k) => {
    const product = 2 * sizes[k]! * outputs * batch;
    return sum + (k === 0 ? 3 : 4) * product;
  }, 0);
}

/** 3 products of the convolution (16 filters of 36 weights, 64 pixels) and 4 of each dense layer, for a batch of 32. */
const BREAKOUT_OPERATIONS = 2 * 32 * (3 * 16 * 36 * 64 + 4 * 1024 * 128 + 4 * 128 * 6);

/** A training step with 4 inputs, the hidden layers and 2 actions; MSE, Adam, a target network. */
export interface TrainingStep {
  readonly hiddenSizes: number[];
  readonly activation: "tanh" | "relu";
  readonly batchSize: number;
}

/** Sizes from the smallest network of a recipe to one that is large for CartPole. */
export const trainingSteps: readonly TrainingStep[] = [
  { hiddenSizes: [64], activation: "tanh", batchSize: 32 },
  { hiddenSizes: [64], activation: "relu", batchSize: 32 },
  { hiddenSizes: [64, 64], activation: "relu", batchSize: 64 },
  { hiddenSizes: [120, 84], activation: "relu", batchSize: 128 },
  { hiddenSizes: [256], activation: "relu", batchSize: 256 },
  { hiddenSizes: [256, 128], activation: "relu", batchSize: 128 },
  { hiddenSizes: [512, 512], activation: "relu", batchSize: 256 },
];

export function trainingWorkload(
  { activation, batchSize, hiddenSizes }: TrainingStep,
  bufferSize?: number,
): Workload {
  const sizes = [4, ...hiddenSizes, 2];
  return {
    name: `train ${sizes.join("-")} ${activation} batch ${batchSize}`,
    operations: trainingOperations(sizes, batchSize),
    make(backend) {
      const agent = makeAgent(backend, hiddenSizes, activation, batchSize, bufferSize);
      return (times) => {
        for (let k = 0; k < times; k++) agent.learn();
      };
    },
  };
}

/** The update of the recipe `minatar-dqn` after 5,000 frames of random play: a convolution of 16 filters, a layer of 128. */
const breakoutUpdate: Workload = {
  name: "train Breakout 4x3x3-16-128-6 relu batch 32",
  operations: BREAKOUT_OPERATIONS,
  make(backend) {
    const config = recipeConfig("minatar-dqn");
    const training = new Training({ ...config, backend }, {}, findGame(config.env));
    training.advance(config.learningStarts);
    return (times) => {
      for (let k = 0; k < times; k++) training.agent.learn();
    };
  },
};

/** A training step that other programs make too. */
export type PeerStep = TrainingStep | "breakout";

export const peerSteps: readonly PeerStep[] = [...trainingSteps, "breakout"];

export function peerWorkload(step: PeerStep): Workload {
  return step === "breakout" ? breakoutUpdate : trainingWorkload(step);
}

function act(hiddenSizes: number[], activation: Activation): Workload {
  const sizes = [4, ...hiddenSizes, 2];
  return {
    name: `act ${sizes.join("-")} ${activation}`,
    operations: sizes.slice(1).reduce((sum, outputs, k) => sum + 2 * sizes[k]! * outputs, 0),
    make(backend) {
      const { policy } = makeAgent(backend, hiddenSizes, activation, 8);
      return (times) => {
        for (let k = 0; k < times; k++) policy.greedyAction();
      };
    },
  };
}

const forward: Workload = {
  name: "forward 64x64 batch 64",
  operations: 2 * 64 * 64 * 64,
  make(backend) {
    const bytes = 64 * 64 * 4;
    const { buffer, kernels } = createCore(backend, 4 * bytes);
    const random = randomStream();
    const values = new Float32Array(buffer);
    for (let k = 0; k < values.length; k++) values[k] = random.next() - 0.5;
    return (times) => {
      for (let k = 0; k < times; k++) {
        kernels.denseForward(0, bytes, 2 * bytes, 3 * bytes, 64, 64, 64, 0);
      }
    };
  },
};

const stepOne: Workload = {
  name: "step CartPole",
  operations: null,
  make(backend) {
    const cartPole = new CartPole(createCore(backend, classicControlBytes), 0, 500);
    const random = randomStream();
    cartPole.reset({ seed: 1 });
    return (times) => {
      for (let k = 0; k < times; k++) {
        const { terminated, truncated } = cartPole.step(random.nextUint32() >>> 31);
        if (terminated || truncated) cartPole.reset();
      }
    };
  },
};

const FORCE_ROWS = 61;

/** One step of each of many carts under random pushes. Carts that fall are reset. */
export function cartPoleWorkload(carts: number): Workload {
  return {
    name: `step CartPole x${carts}`,
    operations: null,
    make(backend) {
      const observationPtr = 4 * carts * 8;
      const terminatedPtr = observationPtr + 4 * carts * 4;
      const forcePtr = Math.ceil((terminatedPtr + carts * 4) / 16) * 16;
      const { buffer, kernels } = createCore(backend, forcePtr + FORCE_ROWS * carts * 8);
      const state = new Float64Array(buffer, 0, 4 * carts);
      const terminated = new Uint32Array(buffer, terminatedPtr, carts);
      const forces = new Float64Array(buffer, forcePtr, FORCE_ROWS * carts);
      const random = randomStream();
      for (let k = 0; k < forces.length; k++) forces[k] = 20 * random.nextBelow(2) - 10;
      let row = 0;
      return (times) => {
        for (let k = 0; k < times; k++) {
          const rowPtr = forcePtr + row * carts * 8;
          row = (row + 1) % FORCE_ROWS;
          if (kernels.cartPoleStep(0, observationPtr, terminatedPtr, rowPtr, carts) === 0) continue;
          for (let cart = 0; cart < carts; cart++) {
            if (terminated[cart] === 0) continue;
            for (let part = 0; part < 4; part++) {
              state[part * carts + cart] = random.next() * 0.1 - 0.05;
            }
          }
        }
      };
    },
  };
}

const run: Workload = {
  name: "run tanh-64",
  operations: null,
  make(backend) {
    const endless = { totalSteps: null, totalEpisodes: 1e9, solvedThreshold: 1e9 };
    const training = new Training({ ...recipeConfig("tanh-64"), ...endless, backend });
    training.advance(recipeConfig("tanh-64").learningStarts);
    return (times) => training.advance(times);
  },
};

export const workloads: readonly Workload[] = [
  ...trainingSteps.map((step) => trainingWorkload(step)),
  breakoutUpdate,
  act([64], "tanh"),
  act([64, 64], "relu"),
  act([256, 128], "relu"),
  forward,
  stepOne,
  cartPoleWorkload(1024),
  run,
];
