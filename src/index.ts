export type { ActOptions, Agent, EndOptions } from "./agent/agent.ts";
export { type AgentOptions, createAgent } from "./agent/createAgent.ts";
export type { HiddenUnit } from "./browserTrainer/networkCopy.ts";
export type { CurvePoint } from "./browserTrainer/recordedTraining.ts";
export { serveTrainer } from "./browserTrainer/serveTrainer.ts";
export type { CurrentEpisode, Snapshot } from "./browserTrainer/snapshot.ts";
export type { Moment } from "./browserTrainer/timeline.ts";
export {
  createTrainer,
  type RunOptions,
  type Trainer,
  type TrainerOptions,
} from "./browserTrainer/trainer.ts";
export { type Config, parseConfig } from "./config/config.ts";
export type { LiveChanges } from "./config/liveChanges.ts";
export { type Recipe, type RecipeName, recipeConfig, recipes } from "./config/recipes.ts";
export type { ResumeChanges } from "./config/resumeChanges.ts";
export { evaluate } from "./dqn/evaluate.ts";
export { type Evaluation, summarize } from "./dqn/evaluation.ts";
export type { EpisodeRecord, TrainingObserver } from "./dqn/observer.ts";
export { type TrainOptions, train } from "./dqn/train.ts";
export { Training } from "./dqn/training.ts";
export { Acrobot } from "./environments/acrobot.ts";
export type { AsyncEnvironment, AsyncEnvironmentFactory } from "./environments/asyncEnvironment.ts";
export { CartPole } from "./environments/cartPole.ts";
export { customEnvironment, type EnvironmentFactory } from "./environments/customEnvironment.ts";
export type { Environment, StepResult } from "./environments/environment.ts";
export type {
  EnvironmentIdentity,
  EnvironmentOptions,
  EnvironmentSpec,
} from "./environments/environmentSpec.ts";
export { MountainCar } from "./environments/mountainCar.ts";
export { type EnvironmentId, environmentIds, makeEnvironment } from "./environments/registry.ts";
export { RunError, UsageError } from "./errors.ts";
export {
  type Checkpoint,
  checkpointPieces,
  encodeCheckpoint,
  readCheckpoint,
  resumeTraining,
} from "./formats/checkpoint.ts";
export {
  encodePolicy,
  type OpenPolicyOptions,
  openPolicy,
  type Policy,
  type PolicyDescription,
  weightsSha256,
} from "./formats/policy.ts";
export { type CoreSource, loadCore, supportsWasm } from "./kernels/core.ts";
export type { Backend, Kernels } from "./kernels/kernels.ts";
export type { NamedTensor } from "./network/namedTensor.ts";
export type { Picture, Stroke } from "./scenes/scene.ts";
