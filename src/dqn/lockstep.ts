import { ClassicControl } from "../environments/classicControl.ts";
import type { Environment } from "../environments/environment.ts";
import { EpisodeBatch } from "../environments/episodeBatch.ts";
import type { ActingNetwork } from "../network/actingNetwork.ts";
import {
  type Evaluation,
  type EvaluationOptions,
  evaluationStepLimit,
  isOutOfReach,
} from "./evaluation.ts";

/** Episodes of the first groups: few, so that a bad policy is given up early. Later groups fill all columns. */
const FIRST_GROUPS = [8, 24];

/** Steps of all episodes together between two yields: about two episodes of CartPole. */
const PIECE_STEPS = 1024;

/** Whether a network and an environment can play several episodes together. */
export function canPlayInLockstep(
  { observation, plan, qValues }: ActingNetwork,
  environment: Environment,
): environment is ClassicControl {
  return (
    plan.episodes.length > 0 &&
    environment instanceof ClassicControl &&
    environment.batchable &&
    environment.step === ClassicControl.prototype.step &&
    environment.observationSize === observation.length &&
    environment.actionCount === qValues.length
  );
}

/**
 * Plays greedy episodes in groups. All episodes of a group take each step together. The initial states and the order of the results are
 * those of episodes that are played one by one. Yields before each piece of work.
 */
export function* playInLockstep(
  network: ActingNetwork,
  environment: ClassicControl,
  options: EvaluationOptions,
): Generator<undefined, Evaluation> {
  const { columns, episodes, observation } = network.plan;
  const batch = new EpisodeBatch(
    network.core,
    environment,
    columns,
    episodes.offset,
    observation.offset,
  );
  const returns: number[] = [];
  const lengths: number[] = [];
  let capped = 0;
  let total = 0;
  for (let group = 0; returns.length < options.episodes; group++) {
    const left = options.episodes - returns.length;
    const count = Math.min(FIRST_GROUPS[group] ?? columns, left);
    batch.start(count, group === 0 ? options.seed : undefined);
    while (batch.active > 0) {
      yield;
      playPiece(network, batch);
    }
    for (let episode = 0; episode < count; episode++) {
      returns.push(batch.returns[episode]!);
      lengths.push(batch.lengths[episode]!);
      capped += batch.capped[episode]!;
      total += batch.returns[episode]!;
      // Leaves out the rest of the group, as if the episodes were played one by one.
      if (isOutOfReach(total, returns.length, options)) return { returns, lengths, capped };
    }
  }
  return { returns, lengths, capped };
}

/** Plays some steps of a group. */
function playPiece(network: ActingNetwork, batch: EpisodeBatch): void {
  for (let left = PIECE_STEPS; left > 0 && batch.active > 0; left -= batch.width) {
    const { active, width } = batch;
    network.forward(width);
    for (let column = 0; column < active; column++) {
      batch.act(column, network.bestAction(column, width));
    }
    batch.step();
    if (batch.elapsed === evaluationStepLimit) batch.cutOff();
  }
}
