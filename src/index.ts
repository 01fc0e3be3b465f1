export type { NamedTensor } from "./agent/namedTensor.ts";
export { Acrobot } from "./environments/acrobot.ts";
export { CartPole } from "./environments/cartPole.ts";
export { customEnvironment, type EnvironmentFactory } from "./environments/customEnvironment.ts";
export type { Environment, StepResult } from "./environments/environment.ts";
export { MountainCar } from "./environments/mountainCar.ts";
export {
  type EnvironmentOptions,
  type EnvironmentSpec,
  environmentIds,
  makeEnvironment,
} from "./environments/registry.ts";
export { RunError, UsageError } from "./errors.ts";
export { type CoreSource, loadCore, supportsWasm } from "./kernels/core.ts";
export type { Backend, Kernels } from "./kernels/kernels.ts";
export {
  encodePolicy,
  type OpenPolicyOptions,
  openPolicy,
  type Policy,
  type PolicyDescription,
  weightsSha256,
} from "./policy/policy.ts";
export { serveTrainer } from "./trainer/serveTrainer.ts";
export type { Snapshot } from "./trainer/snapshot.ts";
export {
  createTrainer,
  type RunOptions,
  type Trainer,
  type TrainerOptions,
} from "./trainer/trainer.ts";
export {
  type Checkpoint,
  checkpointPieces,
  encodeCheckpoint,
  readCheckpoint,
  resumeTraining,
} from "./training/checkpoint.ts";
export { type Config, parseConfig } from "./training/config.ts";
export { type Evaluation, evaluate, summarize } from "./training/evaluation.ts";
export type { EpisodeRecord, TrainingObserver } from "./training/observer.ts";
export { type Recipe, recipeConfig, recipes } from "./training/recipes.ts";
export type { ResumeChanges } from "./training/resumeChanges.ts";
export { type TrainOptions, train } from "./training/train.ts";
export { Training } from "./training/training.ts";
