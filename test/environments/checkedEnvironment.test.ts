import { describe, expect, it } from "vitest";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import type { Environment, StepResult } from "../../src/environments/environment.ts";
import { RunError } from "../../src/errors.ts";
import { createCore } from "../../src/kernels/core.ts";

const core = createCore("js", 16);
const result: StepResult = { observation: [1, 2], reward: 1, terminated: false, truncated: false };
const good = (): Environment => ({
  observationSize: 2,
  actionCount: 3,
  reset: () => [0, 0],
  step: () => result,
});

const make = (change: object) =>
  customEnvironment("maze", () => ({ ...good(), ...change })).make(core, 0);
const stepped = (change: object) => () => {
  const environment = make({ step: () => ({ ...result, ...change }) });
  environment.reset();
  return environment.step(0);
};

describe("a user's environment", () => {
  it("is described by the sizes of one that was made", () => {
    let made = 0;
    const spec = customEnvironment("maze", () => {
      made++;
      return good();
    });
    expect(made).toBe(1);
    expect(spec).toMatchObject({
      ...{ id: "maze", observationSize: 2, actionCount: 3, rewardThreshold: null },
      ...{ maxReturn: Infinity, bytes: 0 },
    });
    expect(spec.make(core, 0)).not.toBe(spec.make(core, 0));
    expect(made).toBe(3);
  });

  it("is given seeds and actions, and returns what it does", () => {
    const seen: unknown[] = [];
    const environment = make({
      reset: (options: unknown) => {
        seen.push(options);
        return Float32Array.of(7, 8);
      },
      step: (action: number) => {
        seen.push(action);
        return result;
      },
    });
    expect(environment.reset({ seed: 5 })).toEqual(Float32Array.of(7, 8));
    expect(environment.step(2)).toBe(result);
    environment.reset();
    expect(seen).toEqual([{ seed: 5 }, 2, {}]);
  });

  it("may be a class, a function or an arrow", () => {
    class Maze implements Environment {
      readonly observationSize = 2;
      readonly actionCount = 3;
      reset = () => [0, 0];
      step = () => result;
    }
    function classy() {
      return good();
    }
    const named = () => ({ ...good(), label: "class Maze" });
    for (const factory of [Maze, classy, good, named]) {
      expect(customEnvironment("maze", factory).actionCount).toBe(3);
    }
  });

  it("keeps what it remembers", () => {
    let state = Uint8Array.of(1, 2);
    const own = {
      getState() {
        return this.mark === "own" ? state : new Uint8Array();
      },
      setState(next: Uint8Array) {
        state = Uint8Array.of(...next, this.mark.length);
      },
      mark: "own",
    };
    const environment = make(own);
    expect(environment.getState!()).toEqual(Uint8Array.of(1, 2));
    environment.setState!(Uint8Array.of(9));
    expect(state).toEqual(Uint8Array.of(9, 3));
    for (const lacking of [{ ...own, getState: undefined }, { ...own, setState: undefined }, {}]) {
      expect(make(lacking).getState).toBeUndefined();
      expect(make(lacking).setState).toBeUndefined();
    }
  });
});

describe("refuses", () => {
  it.each([
    [{ observation: [1] }, "an observation of 2 numbers, got 1."],
    [{ observation: [1, 2, 3] }, "an observation of 2 numbers, got 3."],
    [{ observation: "ab" }, 'an observation of 2 numbers, got "ab".'],
    [{ observation: { length: 2 } }, 'an observation of 2 numbers, got {"length":2}.'],
    [{ observation: [1, "2"] }, 'observation[1] to be a finite number, got "2".'],
    [{ observation: [-Infinity, 2] }, "observation[0] to be a finite number, got -Infinity."],
    [{ reward: "1" }, 'a finite reward, got "1".'],
    [{ terminated: 1 }, "terminated to be true or false, got 1."],
    [{ truncated: undefined }, "truncated to be true or false, got undefined."],
  ])("%j", (change, sentence) => {
    expect(stepped(change)).toThrow(
      new RunError(`The environment maze, episode 1, step 1: expected ${sentence}`),
    );
  });

  it("typed arrays are observations", () => {
    expect(stepped({ observation: Float64Array.of(1, 2) })).not.toThrow();
  });

  it.each([null, undefined, 3])("%j in place of a result", (answer) => {
    const environment = make({ step: () => answer });
    environment.reset();
    expect(() => environment.step(0)).toThrow(
      /step 1: expected a result with observation, reward, terminated and truncated, got/,
    );
  });

  it("a first observation of another size, in its episode", () => {
    let episode = 0;
    const environment = make({ reset: () => (++episode === 2 ? [1] : [0, 0]) });
    environment.reset();
    environment.step(0);
    expect(() => environment.reset()).toThrow(
      "The environment maze, episode 2, step 0: expected an observation of 2 numbers, got 1.",
    );
  });

  it("a state that is no Uint8Array", () => {
    const environment = make({ getState: () => [1], setState: () => {} });
    expect(() => environment.getState!()).toThrow(
      /expected a Uint8Array as its state, got \[1\]\.$/,
    );
  });

  it.each(["reset", "step", "getState"])("what %s throws, in a sentence", (method) => {
    const failing = () => {
      throw new Error("no fuel");
    };
    const environment = make({ getState: failing, setState: () => {}, [method]: failing });
    const call = () => {
      if (method === "getState") return environment.getState!();
      environment.reset();
      return environment.step(0);
    };
    expect(call).toThrow(RunError);
    expect(call).toThrow(
      new RegExp(`^The environment maze threw in ${method} \\(episode .*: no fuel\\.$`),
    );
  });

  it.each([
    ["observationSize", 0],
    ["observationSize", 1.5],
    ["observationSize", "2"],
    ["actionCount", 0],
    ["actionCount", Infinity],
    ["actionCount", undefined],
  ])("%s of %j", (key, value) => {
    expect(() => make({ [key]: value })).toThrow(
      new RegExp(`^The environment maze must have a whole number of at least 1 as its ${key}`),
    );
    expect(() => make({ [key]: 1 })).not.toThrow();
  });

  it.each([null, undefined, 5])("a factory that makes %j", (made) => {
    expect(() => customEnvironment("maze", () => made as unknown as Environment)).toThrow(
      /^The environment maze must be an object with reset and step, got/,
    );
  });

  it("an episode without an end, at its 100,000th step", () => {
    for (const end of ["none", "terminated", "truncated"]) {
      let step = 0;
      const environment = make({
        step: () => {
          step++;
          return { ...result, ...(step === 100_000 && end !== "none" ? { [end]: true } : {}) };
        },
      });
      environment.reset();
      for (let k = 1; k < 100_000; k++) environment.step(0);
      if (end === "none") expect(() => environment.step(0)).toThrow(/expected the episode to end/);
      else expect(environment.step(0)).toMatchObject({ [end]: true });
    }
  });
});
