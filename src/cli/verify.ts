import type { Command } from "commander";
import type { Training } from "../dqn/training.ts";
import { isBuiltIn } from "../environments/registry.ts";
import { RunError, refuseUnless } from "../errors.ts";
import { readPolicy } from "../formats/policy.ts";
import { readOrigin } from "../formats/policyOrigin.ts";
import type { Backend } from "../kernels/kernels.ts";
import { count, fixed } from "../numberText.ts";
import { differenceText, verifyPolicy } from "../runs/verifyPolicy.ts";
import { Progress } from "../terminal/progress.ts";
import { environmentOf, gameOf, policyEnvironmentHelp, warnIfChanged } from "./environmentFlag.ts";
import { setExitContext } from "./exitContext.ts";
import { fastestBackend } from "./fastestBackend.ts";
import { policyArgument, policyPath, readPolicyFile } from "./policyFile.ts";

interface VerifyFlags {
  readonly env?: string;
  readonly backend?: string;
  readonly json?: true;
}

export function addVerifyCommand(program: Command): void {
  program
    .command("verify")
    .description("train a saved policy again and compare the weights, bit for bit")
    .argument(...policyArgument)
    .option("--env <id|module>", policyEnvironmentHelp)
    .option("--backend <wasm|js>", "kernels to train with; both give the same bits (default: wasm)")
    .option("--json", "print the result as one JSON object on stdout, progress on stderr")
    .helpOption("-h, --help", "show this help")
    .action(verify);
}

async function verify(given: string, flags: VerifyFlags): Promise<void> {
  const { backend = fastestBackend(), env, json = false } = flags;
  refuseUnless(backend === "wasm" || backend === "js", "--backend", "wasm or js", backend);
  const path = policyPath(given);
  const bytes = readPolicyFile(path);
  const { config, steps, updates } = readOrigin(bytes, path);
  const { environment: identity } = readPolicy(bytes, path).description;
  const environment = await (env === undefined ? gameOf(identity) : environmentOf(env));
  if (env !== undefined && env !== identity.id && isBuiltIn(env)) {
    throw new RunError(`${path} needs the environment ${identity.id}, got ${env}.`);
  }
  warnIfChanged(path, identity, environment);

  const progress = new Progress(json ? process.stderr : process.stdout);
  const title = `Training ${config.env} again with seed ${config.seed}, to step ${count(steps)} of ${path}.`;
  const start = performance.now();
  const secondsSince = () => (performance.now() - start) / 1000;
  let training: Training | null = null;
  setExitContext(() => (training === null ? "" : ` after step ${count(training.steps)}`));
  const result = await verifyPolicy(bytes, path, {
    backend: backend as Backend,
    environment,
    onSlice(run) {
      if (training === null) progress.line(title);
      training = run;
      progress.update({
        steps: run.steps,
        episodes: run.episodes,
        meanReturn100: run.meanReturn100(),
        epsilon: run.epsilon(),
        seconds: secondsSince(),
        fraction: run.steps / steps,
      });
    },
  }).finally(() => progress.finish());
  const { matches, stored, trained } = result;
  if (json) {
    const { env, seed } = config;
    const { solved } = result.training;
    const summary = { matches, file: path, env, seed, steps, updates, solved, stored, trained };
    process.stdout.write(`${JSON.stringify({ ...summary, backend, seconds: secondsSince() })}\n`);
  }
  if (!matches) throw new RunError(differenceText(result));
  if (json) return;
  const solved = result.training.solved ? ", which solved the environment" : "";
  progress.line(
    `The weights agree: ${count(steps)} steps and ${count(updates)} updates${solved}, in ${fixed(secondsSince(), 2)} s.`,
  );
  progress.line(`  weights ${stored}`);
}
