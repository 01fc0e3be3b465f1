// npm run bench:envs: environment steps per second with 1, 8 and 64 copies of the environment, as a Markdown table.
import { type Config, defaults } from "../config/config.ts";
import { Training } from "../dqn/training.ts";
import { describeEnvironment } from "../environments/customEnvironment.ts";
import { Snake } from "../games/snake.ts";
import { median } from "../numerics/statistics.ts";
import { machineName } from "./machine.ts";
import { sampleInterleaved } from "./measure.ts";

const COPIES = [1, 8, 64];
const ROUNDS = 15;
const STEPS_PER_CALL = 1_024;
/** Environment steps from one update to the next, the same for every number of copies. */
const STEPS_PER_UPDATE = 64;

const tasks = [
  { name: "CartPole-v1, 32", hiddenSizes: [32] },
  { name: "CartPole-v1, 64-64", hiddenSizes: [64, 64] },
  { name: "Snake 6x6, 128-128", hiddenSizes: [128, 128], environment: describeEnvironment(Snake) },
];

console.log(
  `${machineName()}, Node ${process.version}, an update every ${STEPS_PER_UPDATE} steps\n`,
);
console.log(`| environment and network | ${COPIES.join(" | ")} | 64 against 1 |`);
console.log(`|---|${"---|".repeat(COPIES.length + 1)}`);
for (const { environment, hiddenSizes, name } of tasks) {
  const works = COPIES.map((numEnvs) => {
    const config: Config = {
      ...defaults,
      ...{ hiddenSizes, numEnvs, totalSteps: null, totalEpisodes: Number.MAX_SAFE_INTEGER },
      ...{ trainFrequency: STEPS_PER_UPDATE, explorationSteps: 1, bufferSize: 10_000 },
    };
    const training = new Training(config, {}, environment);
    return (times: number) => void training.advance(times * STEPS_PER_CALL);
  });
  const medians = sampleInterleaved(works, ROUNDS).map(median);
  const speeds = medians.map((microseconds) => (1e6 * STEPS_PER_CALL) / microseconds);
  const cells = speeds.map((speed) => `${(speed / 1e6).toFixed(2)} M/s`);
  const ratio = speeds.at(-1)! / speeds[0]!;
  console.log(`| ${name} | ${cells.join(" | ")} | ${ratio.toFixed(2)}x |`);
}
