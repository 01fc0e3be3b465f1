import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import type { TrainingObserver } from "../../src/dqn/observer.ts";
import { Training } from "../../src/dqn/training.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { RunFolder } from "../../src/runs/runFolder.ts";
import { RunLog } from "../../src/runs/runLog.ts";

const config: Config = {
  ...defaults,
  ...{ totalSteps: 1_500, hiddenSizes: [8], batchSize: 8, bufferSize: 500 },
  ...{ trainFrequency: 60, gradientSteps: 5, evalEvery: 250, evalEpisodes: 2 },
};

/** The rows of metrics.jsonl, without times, of a run that is stopped and resumed after every so many pieces of work. */
function rows(pieces: number): unknown[] {
  const folder = RunFolder.create({
    ...{ out: mkdtempSync(join(tmpdir(), "wasm-dqn-")), env: "e", recipe: "r", seed: 1 },
    time: new Date(),
  });
  onTestFinished(() => rmSync(join(folder.path, ".."), { recursive: true }));
  const observer: TrainingObserver = {};
  let training = new Training(config, observer);
  for (let over = false; !over; ) {
    const log = new RunLog(folder, training);
    Object.assign(observer, {
      episode(record) {
        if (record.episode % 3 === 0) log.episode(training, record, 1);
      },
      evaluation: (evaluation, steps) => log.evaluation(steps, evaluation),
    } satisfies TrainingObserver);
    let left = pieces;
    over = training.learn({ milliseconds: Infinity, stop: () => --left <= 0 });
    folder.flush();
    if (over) break;
    const bytes = encodeCheckpoint(training);
    // A process that goes on from there and is killed leaves rows which the next one logs again.
    left = 40;
    training.learn({ milliseconds: Infinity, stop: () => --left <= 0 });
    folder.flush();
    training = resumeTraining(readCheckpoint(bytes, "file"), {}, observer);
    folder.rewind(training.state);
  }
  return readFileSync(join(folder.path, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => ({ ...JSON.parse(line), "time/fps": 0 }));
}

it.each([101, 37, 7])(
  "a run resumed after every %d pieces of work logs the rows of one that never stopped",
  (pieces) => {
    const whole = rows(Infinity);
    expect(whole.length).toBeGreaterThan(10);
    expect(rows(pieces)).toEqual(whole);
  },
);
