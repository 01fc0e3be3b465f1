import { beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../src/browserTrainer/snapshot.ts";
import { TrainingEpisodes } from "../../src/web/stage/trainingEpisodes.ts";

/** A snapshot in which the observation of step n of an episode is [n]. */
function snapshotOf(
  episodes: number,
  length: number,
  ends: readonly (readonly [episode: number, length: number])[] = [],
): Snapshot {
  const ended = ends.map(([episode, steps]) => ({ episode, length: steps, return: 10 * steps }));
  return {
    steps: 1000,
    episodes,
    epsilon: 0.25,
    current: { length, observation: [length] },
    lastObservation: ends.length === 0 ? null : [ends.at(-1)![1]],
    ended,
  } as unknown as Snapshot;
}

describe("training episodes on the stage", () => {
  let training: TrainingEpisodes;
  beforeEach(() => {
    training = new TrainingEpisodes();
  });

  const pose = () => {
    const written = new Float64Array(1);
    training.writePose(written);
    return written[0];
  };
  /** Lets time pass for some steps of 0.02 s. Training episodes play at twice the speed. */
  const play = (steps: number, speed = 1) => training.advance((20 * steps) / 2, speed, 0.02);

  it("plays an episode between the steps of its snapshots, twice as fast as in real time", () => {
    training.take(snapshotOf(0, 4));
    training.take(snapshotOf(0, 8));
    training.next();
    expect(pose()).toBe(4);
    play(3);
    expect(pose()).toBeCloseTo(7);
    expect(training.observation).toEqual([4]);
    expect(training.facts).toMatchObject({ episode: 1, epsilon: 0.25, steps: 7, ended: null });
    play(2, 0.25);
    expect(pose()).toBeCloseTo(7.5);
  });

  it("waits at the latest step of the episode in progress", () => {
    training.take(snapshotOf(0, 4));
    training.next();
    play(100);
    expect(pose()).toBe(4);
    training.take(snapshotOf(0, 6));
    play(1);
    expect(pose()).toBe(5);
  });

  it("holds the end of an episode, then plays the latest that has ended", () => {
    training.take(snapshotOf(0, 4));
    training.next();
    training.take(snapshotOf(1, 3, [[1, 9]]));
    training.take(snapshotOf(2, 2, [[2, 12]]));
    training.take(snapshotOf(3, 1, [[3, 7]]));
    play(100);
    expect(pose()).toBe(9);
    expect(training.facts.ended).toEqual({ steps: 9, total: 90 });
    play(10);
    expect(training.facts.episode).toBe(1);
    play(100);
    expect(training.facts).toMatchObject({ episode: 3, ended: null });
  });

  it("leaves out an episode whose end is not in the snapshots", () => {
    training.take(snapshotOf(0, 4));
    training.next();
    training.take(
      snapshotOf(2, 3, [
        [1, 9],
        [2, 5],
      ]),
    );
    play(100);
    expect(training.facts).toMatchObject({ episode: 3, ended: null });
    expect(training.best).toBeNull();
  });

  it("keeps the best episode as the ghost, until its end and not of itself", () => {
    const ghost = new Float64Array(1);
    training.take(snapshotOf(0, 4));
    training.next();
    training.take(snapshotOf(1, 3, [[1, 9]]));
    expect(training.best).toBe(90);
    expect(training.writeGhost(ghost)).toBe(false);
    training.take(snapshotOf(1, 30));
    training.next();
    play(2);
    expect(training.writeGhost(ghost)).toBe(true);
    expect(ghost[0]).toBe(5);
    play(6);
    expect(training.writeGhost(ghost)).toBe(false);
  });

  it("reaches the end at unlimited speed, also in no time", () => {
    training.take(snapshotOf(0, 4));
    training.take(snapshotOf(0, 8));
    training.next();
    play(0, Infinity);
    expect(pose()).toBe(4);
    play(1, Infinity);
    expect(pose()).toBe(8);
  });

  it("forgets everything with the next run", () => {
    training.take(snapshotOf(0, 4));
    training.take(snapshotOf(1, 3, [[1, 9]]));
    training.clear();
    expect(training.empty).toBe(true);
    expect(training.best).toBeNull();
    expect(training.observation).toBeNull();
  });
});
