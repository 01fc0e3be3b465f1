import { describe, expect, it, vi } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import { Dqn } from "../../src/dqn/dqn.ts";
import { planTraining } from "../../src/dqn/memoryPlan.ts";
import { createCore } from "../../src/kernels/core.ts";
import { RandomStream, streamSeed, streams } from "../../src/numerics/random.ts";

/** An agent with `stored` transitions of different observations, action 0 and reward 1. */
function makeAgent(changes: Partial<Config> = {}, stored = 4, seed = 1) {
  const options: Config = {
    ...defaults,
    hiddenSizes: [6],
    batchSize: 4,
    bufferSize: 8,
    ...changes,
  };
  const shape = { ...options, observationSize: 2, actionCount: 3 };
  const plan = planTraining({ ...options, shape, environmentBytes: 0 });
  const core = createCore("js", plan.bytes);
  const agent = new Dqn(core, plan, options, seed);
  for (let k = 0; k < stored; k++) agent.replay.store([k, 1 - k], 0, 1, 0.9, [k + 1, -k]);
  const floats = ({ offset, length }: { offset: number; length: number }) =>
    new Float32Array(core.buffer, offset, length);
  return { agent, core, plan, floats };
}

describe("the initial weights", () => {
  it("are uniform within PyTorch's bounds, depend on the seed and equal the target network's", () => {
    const { floats, plan } = makeAgent({ hiddenSizes: [400] });
    const weights = floats(plan.state.online).subarray(0, 800);
    const bound = 1 / Math.sqrt(2);
    expect(Math.max(...weights)).toBeLessThanOrEqual(bound);
    expect(Math.max(...weights)).toBeGreaterThan(0.99 * bound);
    expect(Math.min(...weights)).toBeLessThan(-0.99 * bound);
    expect(floats(plan.state.target)).toEqual(floats(plan.state.online));
    const other = makeAgent({ hiddenSizes: [400] }, 0, 2);
    expect(other.floats(other.plan.state.online)).not.toEqual(floats(plan.state.online));
  });
});

it("draws the initial weights from the weights stream, in the order of the tensors", () => {
  const { floats, plan } = makeAgent({ hiddenSizes: [5] }, 0, 6);
  const random = new RandomStream(new Uint32Array(4)).seed(streamSeed(6, streams.weights));
  for (const { initial, length, offset } of plan.parameters.tensors) {
    const bound = "bound" in initial ? initial.bound : 0;
    const expected = Float32Array.from({ length }, () => (2 * random.next() - 1) * bound);
    expect(floats({ offset: plan.state.online.offset + offset, length })).toEqual(expected);
  }
});

describe("acting", () => {
  it("is greedy at epsilon 0 and uniformly random at epsilon 1", () => {
    const { agent } = makeAgent();
    agent.policy.observation.set([0.3, -0.7]);
    const greedy = agent.policy.greedyAction();
    agent.epsilon = 0;
    expect(Array.from({ length: 30 }, () => agent.act())).toEqual(Array(30).fill(greedy));
    agent.epsilon = 1;
    const random = new Set(Array.from({ length: 100 }, () => agent.act()));
    expect([...random].sort()).toEqual([0, 1, 2]);
  });

  it("explores if the drawn number is less than epsilon, never at epsilon 0", () => {
    const { agent } = makeAgent({ explorationAction: 2 });
    agent.policy.observation.set([0.3, -0.7]);
    const greedy = agent.policy.greedyAction();
    expect(greedy).not.toBe(2);
    for (const drawn of [0, 0.25]) {
      vi.spyOn(agent.exploration, "next").mockReturnValue(drawn);
      agent.epsilon = drawn;
      expect(agent.act()).toBe(greedy);
      agent.epsilon = drawn + 2 ** -32;
      expect(agent.act()).toBe(2);
    }
  });

  it("explores with explorationAction", () => {
    const { agent } = makeAgent({ explorationAction: 2 });
    agent.epsilon = 1;
    expect(Array.from({ length: 20 }, () => agent.act())).toEqual(Array(20).fill(2));
  });

  it("chooses the first of the actions with equal Q-values", () => {
    const { agent, floats, plan } = makeAgent();
    floats(plan.state.online).fill(0);
    expect(agent.policy.greedyAction()).toBe(0);
    agent.policy.observation.set([1, 1]);
    floats(plan.state.online).set([0, 1, 1], plan.parameters.layers[1]!.offsets.bias! / 4);
    expect([...agent.policy.qValues].length).toBe(3);
    expect(agent.policy.greedyAction()).toBe(1);
  });
});

describe("learning", () => {
  it("raises beta linearly to 1 and keeps it there", () => {
    const { agent } = makeAgent({ prioritized: true, priorityBeta: 0.4, priorityBetaSteps: 3 });
    const betas = Array.from({ length: 5 }, () => {
      agent.learn();
      return agent.replay.beta;
    });
    expect(agent.updates).toBe(5);
    [0.4, 0.6, 0.8, 1, 1].forEach((beta, k) => {
      expect(betas[k]).toBeCloseTo(beta, 12);
    });
  });

  it("samples min(stored transitions, batchSize) transitions", () => {
    const { agent } = makeAgent({}, 3);
    const sample = vi.spyOn(agent.replay, "sample");
    agent.learn();
    for (let k = 0; k < 5; k++) agent.replay.store([k, k], 1, 1, 0, [k, k]);
    agent.learn();
    expect(sample.mock.calls.map(([count]) => count)).toEqual([3, 4]);
  });

  it("sets the priorities from the batch's TD errors", () => {
    const { agent, floats, plan } = makeAgent({ prioritized: true, priorityAlpha: 1 });
    agent.learn();
    const errors = [...floats(plan.scratch.errors)].slice(0, 4);
    const priorities = [...agent.replay.priorities()];
    for (const error of errors) {
      const priority = Math.abs(error) + defaults.priorityEpsilon;
      expect(priorities).toContain(priority);
    }
  });

  it("returns the mean loss since the last call of takeMeanLoss", () => {
    const { agent } = makeAgent();
    expect(agent.takeMeanLoss()).toBeNaN();
    const losses = Array.from({ length: 3 }, () => {
      agent.learn();
      return agent.loss;
    });
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / 3;
    expect(losses.every((loss) => loss > 0)).toBe(true);
    expect(agent.takeMeanLoss()).toBe(mean);
    expect(agent.takeMeanLoss()).toBeNaN();
    agent.learn();
    expect(agent.takeMeanLoss()).toBe(agent.loss);
  });

  it("returns the mean of the largest Q-values over the last batch", () => {
    const { agent, floats, plan } = makeAgent({}, 3);
    expect(agent.meanQ()).toBeNaN();
    agent.learn();
    const q = floats(plan.scratch.q);
    q.fill(1e9);
    q.set([1, -5, 2], 0);
    q.set([3, -6, 2], plan.batch);
    q.set([2, -7, 4], 2 * plan.batch);
    expect(agent.meanQ()).toBe((3 - 5 + 4) / 3);
  });

  it("computes the targets with the Q-network if there is no target network", () => {
    for (const targetUpdateUnit of ["none", "step"] as const) {
      const { agent, floats, plan } = makeAgent({ targetUpdateUnit });
      floats(plan.state.target).fill(0);
      agent.learn();
      const targets = [...floats(plan.scratch.targets)].slice(0, 4);
      expect(targets.every((target) => target === 1)).toBe(targetUpdateUnit === "step");
    }
  });

  it("moves the target network by the fraction tau and copies at tau 1", () => {
    for (const tau of [0.25, 1]) {
      const { agent, floats, plan } = makeAgent({ tau });
      floats(plan.state.online).fill(8);
      floats(plan.state.target).fill(4);
      agent.updateTarget();
      const moved = floats(plan.state.target).subarray(0, plan.parameters.trainable);
      expect(new Set(moved)).toEqual(new Set([4 + 4 * tau]));
    }
  });

  it("copies the running statistics only at tau 1", () => {
    for (const tau of [0.25, 1]) {
      const { agent, floats, plan } = makeAgent({ tau, batchNorm: true });
      floats(plan.state.online).fill(8);
      floats(plan.state.target).fill(4);
      agent.updateTarget();
      const statistics = floats(plan.state.target).subarray(plan.parameters.trainable);
      expect(new Set(statistics)).toEqual(new Set([tau === 1 ? 8 : 4]));
    }
  });
});
