import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { RunError } from "../errors.ts";
import { type TrainingStep, trainingSteps } from "./workloads.ts";

/** Returns the microseconds of one training step. */
export type Peer = (step: TrainingStep) => number | Promise<number>;

/**
 * Starts a process that reads a step as a line of JSON and answers with its microseconds. The peer throws a RunError with the
 * last line of the process's stderr if it ends.
 * @throws RunError if the process cannot time the first step
 */
export async function processPeer(command: string, args: readonly string[]): Promise<Peer> {
  const child = spawn(command, args, { stdio: "pipe" });
  let errors = "";
  const ended = new Promise<string>((resolve) => {
    child.on("error", () => resolve(`"${command}" could not be started.`));
    child.on("close", (code) => {
      resolve(errors.trim().split("\n").at(-1) || `"${command}" ended with exit code ${code}.`);
    });
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-10_000);
  });
  child.stdin.on("error", () => undefined);
  child.unref();
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const peer: Peer = async (step) => {
    child.stdin.write(`${JSON.stringify(step)}\n`);
    const { done, value } = await answers.next();
    if (done) throw new RunError(await ended);
    return Number(value);
  };
  await peer(trainingSteps[0]!);
  return peer;
}
