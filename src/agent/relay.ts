import type { Environment, StepResult } from "../environments/environment.ts";
import type { LegalActions } from "../environments/legalActions.ts";

/** An environment that returns the results of a game that the caller steps. */
export class Relay implements Environment {
  readonly observationSize: number;
  readonly actionCount: number;
  readonly legalActions?: () => LegalActions;
  readonly mask: Uint8Array;
  readonly result: {
    observation: Float64Array;
    reward: number;
    terminated: boolean;
    truncated: boolean;
  };

  constructor(observationSize: number, actionCount: number, hasLegalActions: boolean) {
    this.observationSize = observationSize;
    this.actionCount = actionCount;
    this.mask = new Uint8Array(actionCount);
    const observation = new Float64Array(observationSize);
    this.result = { observation, reward: 0, terminated: false, truncated: false };
    if (hasLegalActions) this.legalActions = () => this.mask;
  }

  reset(): Float64Array {
    return this.result.observation;
  }

  step(): StepResult {
    return this.result;
  }
}
