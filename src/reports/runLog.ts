import { hostname } from "node:os";
import { type Evaluation, summarize } from "../training/evaluation.ts";
import type { EpisodeRecord } from "../training/observer.ts";
import type { Training } from "../training/training.ts";
import { eventFileRecord, eventFileStart } from "./eventFile.ts";
import type { RunFolder } from "./runFolder.ts";

/**
 * The numbers of a run under Stable-Baselines3's tags, into metrics.jsonl and, where the configuration asks for them, TensorBoard's
 * event files.
 */
export class RunLog {
  readonly #folder: RunFolder;
  readonly #eventFile: string | null;
  readonly #stepsBefore: number;

  constructor(folder: RunFolder, { config, steps }: Training) {
    const now = Date.now() / 1000;
    this.#folder = folder;
    this.#stepsBefore = steps;
    this.#eventFile = config.tensorboard
      ? `events.out.tfevents.${Math.floor(now)}.${hostname()}.${process.pid}.0`
      : null;
    if (this.#eventFile !== null) folder.append(this.#eventFile, eventFileStart(now));
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
    const known = Object.entries(values).filter(([, value]) => !Number.isNaN(value));
    const row = { step, ...Object.fromEntries(known) };
    this.#folder.append("metrics.jsonl", `${JSON.stringify(row)}\n`);
    this.#addEvent(step, Object.fromEntries(known));
  }

  #addEvent(step: number, values: Readonly<Record<string, number>>): void {
    if (this.#eventFile === null) return;
    const time = Date.now() / 1000;
    this.#folder.append(this.#eventFile, eventFileRecord({ step, time, values }));
  }
}
