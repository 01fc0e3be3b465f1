import { describe, expect, it } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { evaluate } from "../../src/dqn/evaluate.ts";
import { Training } from "../../src/dqn/training.ts";
import { AgainstOpponent } from "../../src/environments/againstOpponent.ts";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { nim, STICKS } from "./nim.ts";

const spec = customEnvironment("nim", nim);

const config = {
  ...defaults,
  env: "nim",
  hiddenSizes: [32],
  gamma: 1,
  totalSteps: 8_000,
  learningStarts: 200,
  targetUpdateInterval: 200,
  explorationFinalEps: 0.2,
  opponentInterval: 1_000,
  opponentPool: 3,
} as const;

function trained(changes: object = {}): Training {
  const training = new Training({ ...config, ...changes }, {}, spec);
  training.advance(config.totalSteps);
  return training;
}

describe("self-play", () => {
  it.each([
    ["against the current Q-network", { opponentPool: 0 }],
    ["with frozen opponents", {}],
    ["with n-step returns", { nSteps: 3, explorationFinalEps: 0.05 }],
    ["with Double DQN", { doubleQ: true }],
  ])("learns Nim %s", (_, changes) => {
    const { policy } = trained(changes).agent;
    for (let sticks = 1; sticks <= STICKS; sticks++) {
      if (sticks % 4 === 0) continue;
      policy.observation.fill(0);
      policy.observation[sticks] = 1;
      const legal = [1, sticks >= 2, sticks >= 3];
      expect([sticks, policy.greedyAction(legal) + 1]).toEqual([sticks, sticks % 4]);
    }
  });

  it("plays frozen opponents in the given fraction of episodes, on both sides", () => {
    const training = new Training(config, {}, spec);
    const sides: number[] = [];
    let episodes = 0;
    while (!training.advance(1)) {
      if (training.episodes === episodes) continue;
      episodes = training.episodes;
      if (training.steps > 1_000) sides.push(Math.max(-1, training.actor.opponent % 2));
    }
    const fraction = (side: number) =>
      sides.filter((value) => value === side).length / sides.length;
    expect(Math.abs(fraction(-1) - 0.5)).toBeLessThan(0.05);
    expect(Math.abs(fraction(0) - 0.25)).toBeLessThan(0.05);
    expect(training.opponents!.copies).toBe(8);
  });

  it("writes the same bits on both backends, and resumes to them", () => {
    const whole = trained().weights();
    expect(trained({ backend: "js" }).weights()).toEqual(whole);
    const part = new Training(config, {}, spec);
    part.advance(4_321);
    const resumed = resumeTraining(readCheckpoint(encodeCheckpoint(part)), {}, {}, spec);
    resumed.advance(config.totalSteps);
    expect(resumed.weights()).toEqual(whole);
  });

  it("needs no memory for opponents in a game for one player", () => {
    const { opponents, plan } = new Training({ ...defaults, totalSteps: 10 });
    expect(opponents).toBeNull();
    expect(plan.state.opponents.length).toBe(0);
  });

  it("refuses three players", () => {
    const three = () => ({ ...nim(), players: 3 as 2 });
    expect(() => customEnvironment("trio", three)).toThrow(
      "The environment trio must have 1 or 2 as its players, got 3.",
    );
  });
});

describe("an evaluation of a two-player game", () => {
  /** Takes the remainder, or one stick. */
  const perfect = (observation: ArrayLike<number>) =>
    Math.max(0, (Array.from(observation).indexOf(1) % 4) - 1);

  it("plays against random moves", () => {
    const { policy } = trained().agent;
    const { returns } = evaluate(policy, nim(), { episodes: 200, seed: 5 });
    const wins = returns.filter((value) => value === 1).length;
    expect(returns.every((value) => Math.abs(value) === 1)).toBe(true);
    expect(wins).toBeGreaterThan(160);
  });

  it("plays against a given opponent", () => {
    const { policy } = trained().agent;
    const { returns } = evaluate(policy, nim(), { episodes: 200, seed: 5, opponent: perfect });
    // Both play perfectly, so the start decides: 2 of the 8 heaps are lost for who begins, and the policy begins half of the games.
    const mean = returns.reduce((sum, value) => sum + value, 0) / 200;
    expect(Math.abs(mean)).toBeLessThan(0.2);
  });
});

describe("AgainstOpponent", () => {
  it("lets the player and the opponent begin in turn, the player first after a seed", () => {
    const moves: string[] = [];
    let sticks = 0;
    const game = nim();
    const logged = {
      ...game,
      reset: (options?: { readonly seed?: number }) => {
        moves.push("reset");
        return game.reset(options);
      },
    };
    const opponent = (observation: ArrayLike<number>) => {
      sticks = Array.from(observation).indexOf(1);
      moves.push("opponent");
      return 0;
    };
    const task = new AgainstOpponent(logged, opponent);
    for (const seed of [3, 3]) {
      moves.length = 0;
      task.reset({ seed });
      task.reset();
      expect(moves).toEqual(["reset", "reset", "opponent"]);
    }
    const { observation, reward } = task.step(0);
    expect(moves.slice(-1)).toEqual(["opponent"]);
    expect(reward).toBe(0);
    expect(Array.from(observation).indexOf(1)).toBe(sticks - 1);
  });

  it("subtracts the opponent's reward", () => {
    const task = new AgainstOpponent(nim(), () => 0);
    let left = Array.from(task.reset({ seed: 2 })).indexOf(1);
    for (;;) {
      // Leave one stick, which the opponent takes.
      const take = left > 4 ? 1 : Math.max(1, left - 1);
      const { observation, reward, terminated } = task.step(take - 1);
      left = Array.from(observation).indexOf(1);
      if (!terminated) continue;
      expect(reward).toBe(-1);
      break;
    }
  });
});
