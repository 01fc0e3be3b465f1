export { customEnvironment, type EnvironmentFactory } from "./environments/customEnvironment.ts";
export type { Environment, StepResult } from "./environments/environment.ts";
export {
  type EnvironmentOptions,
  type EnvironmentSpec,
  environmentIds,
  makeEnvironment,
} from "./environments/registry.ts";
export { RunError, UsageError } from "./errors.ts";
export { type CoreSource, loadCore } from "./kernels/core.ts";
export type { Backend, Kernels } from "./kernels/kernels.ts";
export {
  encodePolicy,
  type OpenPolicyOptions,
  openPolicy,
  type Policy,
  type PolicyDescription,
  weightsSha256,
} from "./policy/policy.ts";
export type { NamedTensor } from "./policy/safetensors.ts";
export {
  type Checkpoint,
  encodeCheckpoint,
  type ResumeChanges,
  readCheckpoint,
  resumeTraining,
} from "./training/checkpoint.ts";
export { type Config, parseConfig } from "./training/config.ts";
export { type Evaluation, evaluate, summarize } from "./training/evaluation.ts";
export type { EpisodeRecord, TrainingObserver } from "./training/observer.ts";
export { type Recipe, recipeConfig, recipes } from "./training/recipes.ts";
export { type TrainOptions, train } from "./training/train.ts";
export { Training } from "./training/training.ts";
