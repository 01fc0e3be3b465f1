import { hostname } from "node:os";
import { type Evaluation, summarize } from "../dqn/evaluation.ts";
import type { EpisodeRecord } from "../dqn/observer.ts";
import type { Training } from "../dqn/training.ts";
import { eventFileRecord, eventFileStart } from "./eventFile.ts";
import type { RunFolder } from "./runFolder.ts";

/**
 * The numbers of a run under Stable-Baselines3's tags, into metrics.jsonl and, where the configuration asks for them, TensorBoard's
 * event files.
 */
export class RunLog {
  readonly #folder: RunFolder;
  readonly #eventFile: string | null = null;
  /** When its event file begins, in seconds since 1970; what follows is counted by a clock that nobody sets. */
  readonly #start: number = 0;
  readonly #ticks = performance.now();
  readonly #stepsBefore: number;

  constructor(folder: RunFolder, { config, steps }: Training) {
    this.#folder = folder;
    this.#stepsBefore = steps;
    if (!config.tensorboard) return;
    this.#start = startTime(folder);
    this.#eventFile = `events.out.tfevents.${Math.floor(this.#start)}.${hostname()}.${process.pid}.0`;
    folder.write(this.#eventFile, eventFileStart(this.#start));
  }

  /** @param seconds of this process's training, of the steps it has taken itself */
  episode(training: Training, record: EpisodeRecord, seconds: number): void {
    const { agent, config, state } = training;
    this.#add(training.steps, {
      "rollout/ep_rew_mean": training.meanReturn100() ?? Number.NaN,
      "rollout/ep_len_mean": summarize(state.lastLengths).mean,
      "rollout/exploration_rate": record.epsilon,
      "time/episodes": record.episode,
      "time/fps": Math.round((training.steps - this.#stepsBefore) / Math.max(seconds, 1e-9)),
      "time/total_timesteps": training.steps,
      "train/learning_rate": config.learningRate,
      "train/n_updates": agent.updates,
      "train/loss": agent.takeMeanLoss(),
      "train/q_mean": agent.meanQ(),
    });
    // The tag and the step of document 1.
    if (this.#eventFile !== null) this.#addEvent(record.episode - 1, { "log/score": record.score });
  }

  evaluation(step: number, { lengths, returns }: Evaluation): void {
    this.#add(step, {
      "eval/mean_reward": summarize(returns).mean,
      "eval/mean_ep_length": summarize(lengths).mean,
      "eval/episodes": returns.length,
    });
  }

  #add(step: number, values: Readonly<Record<string, number>>): void {
    const known = Object.entries(values).filter(([, value]) => Number.isFinite(value));
    const row = { step, ...Object.fromEntries(known) };
    this.#folder.append("metrics.jsonl", `${JSON.stringify(row)}\n`);
    this.#addEvent(step, Object.fromEntries(known));
  }

  #addEvent(step: number, values: Readonly<Record<string, number>>): void {
    if (this.#eventFile === null) return;
    const time = this.#start + (performance.now() - this.#ticks) / 1000;
    this.#folder.append(this.#eventFile, eventFileRecord({ step, time, values }));
  }
}

/**
 * Now, in seconds since 1970, but after every event file that is there: TensorBoard reads them in the order of their names, and a run may
 * go on after the clock was set back.
 */
function startTime(folder: RunFolder): number {
  const before = folder
    .files()
    .map((name) => Number(/^events\.out\.tfevents\.(\d+)\./.exec(name)?.[1] ?? 0));
  return Math.max(Date.now() / 1000, ...before.map((time) => time + 1));
}
