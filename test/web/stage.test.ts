import { beforeEach, describe, expect, it } from "vitest";
import { findGame } from "../../src/games/builtInGames.ts";
import { encodePolicy, recipeConfig, Training } from "../../src/index.ts";
import { Player } from "../../src/web/stage/player.ts";
import { Stage } from "../../src/web/stage/stage.ts";
import { tabOf } from "../../src/web/tabs.ts";

/** A stage with an untrained policy. */
function stageOf(env: string): Stage {
  const game = findGame(env);
  const config = { ...recipeConfig("solve"), ...(game === undefined && { env }) };
  const training = new Training({ ...config, solvedBy: "none" }, {}, game);
  const stage = new Stage();
  stage.show(new Player(encodePolicy(training), "policy", game), tabOf(env), true);
  stage.moving.value = true;
  return stage;
}

/** Mask of the current state. */
const legalActions = (stage: Stage) =>
  Array.from(stage.player!.policy.environment.legalActions!(), Number);

/** Lets time pass in frames of 20 ms until a condition holds. */
function until(stage: Stage, condition: () => boolean): void {
  for (let frame = 0; frame < 5000 && !condition(); frame++) stage.advance(20);
  expect(condition()).toBe(true);
}

describe("the stage, watching", () => {
  let stage: Stage;
  beforeEach(() => {
    stage = stageOf("CartPole-v1");
  });

  it("plays attempts, holds each end and counts them", () => {
    until(stage, () => stage.facts.value.ending !== null);
    const { steps } = stage.facts.value;
    stage.advance(20);
    expect(stage.facts.value).toMatchObject({ attempt: 1, steps });
    until(stage, () => stage.facts.value.attempt === 2);
    expect(stage.facts.value).toMatchObject({ best: steps, ending: null });
  });

  it("repeats the best attempt as a ghost, step by step", () => {
    expect(stage.ghost).toBeNull();
    const first = stage.player!.after.slice();
    until(stage, () => stage.facts.value.attempt === 2);
    expect(stage.player!.steps).toBe(0);
    expect(stage.ghost).toEqual(first);
  });

  it("stands still until it may move", () => {
    stage.moving.value = false;
    stage.advance(1000);
    expect(stage.player!.steps).toBe(0);
  });

  it("plays a whole game of 2048 without an illegal move", () => {
    stage = stageOf("Game2048");
    const player = stage.player!;
    const illegal: number[] = [];
    while (player.ending === null && illegal.length === 0) {
      const legal = legalActions(stage);
      player.step();
      if (!legal[player.action]) illegal.push(player.steps);
    }
    expect(illegal).toEqual([]);
    expect(player.ending).toMatchObject({ terminated: true });
  });

  it("takes the steps of its speed", () => {
    stage.speed.value = 0.25;
    for (let frame = 0; frame < 8; frame++) stage.advance(20);
    expect(stage.player!.steps).toBe(2);
  });
});

describe("the user's game", () => {
  it("waits for the first key, then alternates while no key is held", () => {
    const stage = stageOf("CartPole-v1");
    stage.play();
    stage.advance(500);
    expect(stage.player!.steps).toBe(0);
    stage.key("ArrowLeft", true);
    stage.advance(40);
    expect(stage.player!.action).toBe(0);
    stage.key("ArrowLeft", false);
    const actions = new Set<number>();
    for (let frame = 0; frame < 4; frame++) {
      stage.advance(40);
      actions.add(stage.player!.action);
    }
    expect([...actions].sort()).toEqual([0, 1]);
  });

  it.each([
    ["MinAtar/Breakout-v0", "acts at every step while", [1, 1, 0]],
    ["Snake", "acts once although", [0, 1, 1]],
  ])("%s %s a key is held", (env, _, expected) => {
    const stage = stageOf(env);
    stage.play();
    stage.key("ArrowLeft", true);
    const actions: number[] = [];
    const step = () => {
      const { steps } = stage.player!;
      until(stage, () => stage.player!.steps > steps);
      actions.push(stage.player!.action);
    };
    step();
    step();
    stage.key("ArrowLeft", false);
    step();
    expect(actions).toEqual(expected);
  });

  it("takes one step for each key in a game of moves", () => {
    const stage = stageOf("FrozenLake");
    stage.play();
    stage.key("ArrowDown", true);
    stage.advance(5000);
    expect(stage.player!.steps).toBe(1);
    expect(stage.key("x", true)).toBe(false);
  });

  it("alternates with the network in a game of two, and refuses moves in its turn", () => {
    const stage = stageOf("ConnectFour");
    stage.play();
    stage.key("1", true);
    expect(stage.player!.steps).toBe(1);
    stage.key("1", true);
    expect(stage.player!.steps).toBe(1);
    until(stage, () => stage.player!.steps === 2);
    stage.advance(5000);
    expect(stage.player!.steps).toBe(2);
  });

  it("refuses a full column of Connect Four in the user's turn", () => {
    const stage = stageOf("ConnectFour");
    const player = stage.player!;
    stage.play();
    // Answers in the network's column, so that no column has a line of four.
    while (!legalActions(stage).includes(0)) {
      stage.key(String(player.action + 1), true);
      until(stage, () => player.steps % 2 === 0);
      expect(player.ending).toBeNull();
    }
    const { steps } = player;
    stage.key(String(legalActions(stage).indexOf(0) + 1), true);
    expect(player.steps).toBe(steps);
    stage.key(String(legalActions(stage).indexOf(1) + 1), true);
    expect(player.steps).toBe(steps + 1);
  });

  it("keeps the score of the last game and the best one", () => {
    const stage = stageOf("CartPole-v1");
    stage.play();
    stage.key("ArrowRight", true);
    until(stage, () => stage.own.value.last !== null);
    expect(stage.own.value.last).toBeLessThan(15);
    expect(stage.own.value.best).toBeGreaterThanOrEqual(stage.own.value.last!);
    stage.leaveGame();
    expect(stage.mode.value).toBe("watch");
  });
});
