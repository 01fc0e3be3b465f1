import { type Config, defaults } from "../../src/config/config.ts";
import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";
import { countingEnvironment } from "./countingEnvironment.ts";
import { fuzzAsync } from "./fuzz.ts";
import { TrainerSequence } from "./trainerSequence.ts";

const base: Config = {
  ...defaults,
  ...{ totalSteps: 1e9, hiddenSizes: [4], bufferSize: 200, batchSize: 4, learningStarts: 20 },
  // Small enough that no run diverges.
  ...{ learningRate: 1e-5, gamma: 0.9 },
};

const cases: readonly (readonly [changes: Partial<Config>, environment?: EnvironmentSpec])[] = [
  [{}],
  [{ prioritized: true, nSteps: 3, doubleQ: true, backend: "js" }],
  [{ env: "MountainCar-v0", batchNorm: true, dueling: true, evalEvery: 100, evalEpisodes: 1 }],
  [{ totalSteps: 300 }],
  [{ env: "own.ts" }, countingEnvironment(true)],
  [{ env: "own.ts", frameStack: 2 }, countingEnvironment(false)],
];

fuzzAsync(
  "keeps the trainer's contract with methods in any order",
  40,
  { together: 1, total: "trainer method sequences" },
  (mutator) => {
    const [changes, environment] = mutator.pick(cases);
    const said: string[] = [];
    return {
      shown: () => `${JSON.stringify(changes)}: ${said.join(", ")}`,
      run: () => TrainerSequence.play(mutator, { ...base, ...changes }, environment, said),
    };
  },
);
