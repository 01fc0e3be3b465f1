import fc from "fast-check";
import { expect } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { Training } from "../../src/dqn/training.ts";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import type { Environment } from "../../src/environments/environment.ts";
import { makeEnvironment } from "../../src/environments/registry.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { fuzz, property } from "./fuzz.ts";

const config = {
  ...{ ...defaults, totalSteps: 20, hiddenSizes: [3], bufferSize: 20, batchSize: 2 },
  ...{ learningStarts: 4, evalEvery: null },
};

const anything = fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true });
const throwing = fc.constantFrom(
  ...[new Error("two\nlines"), "words", null, undefined, Symbol("s"), 1n, Object.create(null)],
);
const number = fc.oneof(fc.constantFrom<unknown>(0, 1, -1, 1e308, 1e30, 1e-40, NaN), anything);
const observation = fc.oneof(
  fc.tuple(number, number),
  fc.float32Array({ minLength: 1, maxLength: 3 }),
  fc.constantFrom<unknown>(new BigInt64Array(2), new DataView(new ArrayBuffer(2)), "ab", null),
  anything,
);
const answer = fc.oneof(
  fc.record(
    {
      observation,
      reward: number,
      terminated: fc.boolean(),
      truncated: fc.oneof(fc.boolean(), anything),
    },
    { noNullPrototype: false },
  ),
  anything,
);
const made = fc.record({
  sizes: fc.oneof({ weight: 9, arbitrary: fc.constant([2, 2]) }, fc.tuple(number, number)),
  first: fc.oneof({ weight: 3, arbitrary: fc.constant([0, 0]) }, observation),
  answer,
  state: fc.oneof(fc.uint8Array({ maxLength: 40 }), anything),
  throws: fc.constantFrom("", "", "", "make", "reset", "step", "getState", "setState"),
  thrown: throwing,
  nothing: fc.constantFrom(false, false, false, true),
});

/** A result of a custom environment is learned from, or rejected with the environment's name. */
property("trains with or rejects arbitrary results of custom environments", 600, made, (script) => {
  const perhaps = <Value>(what: string, value: Value): Value => {
    if (script.throws === what) throw script.thrown;
    return value;
  };
  const factory = () => {
    perhaps("make", null);
    if (script.nothing) return script.first as unknown as Environment;
    let steps = 0;
    return {
      observationSize: script.sizes[0] as number,
      actionCount: script.sizes[1] as number,
      reset: () => perhaps("reset", script.first),
      step: () =>
        ++steps === 6
          ? perhaps("step", script.answer)
          : { observation: [0, 1], reward: 1, terminated: steps % 4 === 0, truncated: false },
      getState: () => perhaps("getState", script.state),
      setState: () => perhaps("setState", undefined),
    } as Environment;
  };
  const spec = customEnvironment("maze.ts", factory);
  const training = new Training(config, {}, spec);
  training.advance(12);
  resumeTraining(readCheckpoint(encodeCheckpoint(training), "file"), {}, {}, spec).advance(5);
});

const ids = ["CartPole-v1", "MountainCar-v0", "Acrobot-v1"] as const;

/** An accepted state leads to an episode that ends. */
fuzz("restores or rejects arbitrary states of built-in environments", 500, (mutator) => {
  const options = mutator.pick([{}, {}, { frameStack: 2 }, { observationNoise: 0.1 }]);
  const environment = makeEnvironment(mutator.pick(ids), options);
  environment.reset({ seed: 1 });
  environment.step(0);
  const whole = environment.getState!();
  const state = mutator.below(3) === 0 ? mutator.bytes(whole) : mutator.numbers(whole);
  return {
    size: state.length,
    read() {
      environment.setState!(state);
      let ended = false;
      for (let step = 0; step < 600 && !ended; step++) {
        const { terminated, truncated } = environment.step(0);
        ended = terminated || truncated;
      }
      expect(ended).toBe(true);
      environment.reset();
    },
  };
});
