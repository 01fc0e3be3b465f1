import { hostname } from "node:os";
import { type Evaluation, summarize } from "../dqn/evaluation.ts";
import type { EpisodeRecord } from "../dqn/observer.ts";
import type { Training } from "../dqn/training.ts";
import { winRates } from "../dqn/winRates.ts";
import { eventFileRecord, eventFileStart } from "./eventFile.ts";
import type { RunFolder } from "./runFolder.ts";

/**
 * Logs a run's metrics to metrics.jsonl and, if `tensorboard` is set, to TensorBoard event files. The tags are those of
 * Stable-Baselines3.
 */
export class RunLog {
  readonly #folder: RunFolder;
  readonly #eventFile: string | null = null;
  /** Start of the event file in seconds since 1970. Later times add a monotonic clock, which is never set back. */
  readonly #start: number = 0;
  readonly #ticks = performance.now();
  readonly #stepsBefore: number;
  readonly #hasTwoPlayers: boolean;

  constructor(folder: RunFolder, { config, spec, steps }: Training) {
    this.#folder = folder;
    this.#hasTwoPlayers = spec.players === 2;
    this.#stepsBefore = steps;
    if (!config.tensorboard) return;
    this.#start = startTime(folder);
    this.#eventFile = `events.out.tfevents.${Math.floor(this.#start)}.${hostname()}.${process.pid}.0`;
    folder.write(this.#eventFile, eventFileStart(this.#start));
  }

  /** @param seconds training time of this process, without the time before a resume */
  episode(training: Training, record: EpisodeRecord, seconds: number): void {
    const { agent, state } = training;
    this.#add(training.steps, {
      "rollout/ep_rew_mean": training.meanReturn100() ?? Number.NaN,
      "rollout/ep_len_mean": summarize(state.lastLengths).mean,
      "rollout/exploration_rate": record.epsilon,
      "time/episodes": record.episode,
      "time/fps": Math.round((training.steps - this.#stepsBefore) / Math.max(seconds, 1e-9)),
      "time/total_timesteps": training.steps,
      "train/learning_rate": training.learningRate(),
      "train/n_updates": agent.updates,
      "train/loss": agent.takeMeanLoss(),
      "train/q_mean": agent.meanQ(),
    });
    // Tag and step number of the program that the recipe tanh-64 reproduces.
    if (this.#eventFile !== null) this.#addEvent(record.episode - 1, { "log/score": record.score });
  }

  evaluation(step: number, { lengths, returns }: Evaluation): void {
    this.#add(step, {
      "eval/mean_reward": summarize(returns).mean,
      "eval/mean_ep_length": summarize(lengths).mean,
      "eval/episodes": returns.length,
      ...(this.#hasTwoPlayers && winRateValues(returns)),
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

function winRateValues(returns: readonly number[]) {
  const { drawRate, lossRate, winRate } = winRates(returns);
  return { "eval/win_rate": winRate, "eval/draw_rate": drawRate, "eval/loss_rate": lossRate };
}

/**
 * Current time in seconds since 1970, but later than every existing event file. TensorBoard reads the files in the order of their
 * names, and the clock may have been set back before the run was resumed.
 */
function startTime(folder: RunFolder): number {
  const before = folder
    .files()
    .map((name) => Number(/^events\.out\.tfevents\.(\d+)\./.exec(name)?.[1] ?? 0));
  return Math.max(Date.now() / 1000, ...before.map((time) => time + 1));
}
