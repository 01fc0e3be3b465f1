import type { Command } from "commander";
import { UsageError } from "../errors.ts";
import { saveFile } from "../files/saveFile.ts";
import { encodeOnnx } from "../formats/onnx.ts";
import { readPolicy } from "../formats/policy.ts";
import { policyEnvironmentHelp } from "./environmentFlag.ts";
import { openPolicyFile, policyArgument, policyPath, readPolicyFile } from "./policyFile.ts";

interface ExportFlags {
  readonly env?: string;
  readonly format: string;
  readonly out?: string;
}

export function addExportCommand(program: Command): void {
  program
    .command("export")
    .description("write a saved policy's network as an ONNX file, for other programs")
    .argument(...policyArgument)
    .option("--env <id|module>", policyEnvironmentHelp)
    .option("--format <onnx>", "file format", "onnx")
    .option("--out <file>", "file to write (default: the policy's path, ending in .onnx)")
    .helpOption("-h, --help", "show this help")
    .action(exportPolicy);
}

async function exportPolicy(given: string, { env, format, out }: ExportFlags): Promise<void> {
  if (format !== "onnx") throw new UsageError(`--format must be onnx, got "${format}".`);
  const path = policyPath(given);
  // Refuses a policy of another environment.
  if (env !== undefined) await openPolicyFile(path, env);
  const { description, tensors } = readPolicy(readPolicyFile(path), path);
  const file = out ?? `${path.replace(/\.safetensors$/, "")}.onnx`;
  saveFile(file, encodeOnnx(description.shape, tensors, description.environment.hasLegalActions));
  console.log(file);
}
