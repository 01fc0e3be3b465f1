import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { RunError } from "../errors.ts";
import { type PeerStep, trainingSteps } from "./workloads.ts";

/** Returns the microseconds of one training step; null if the peer does not have it. */
export type Peer = (step: PeerStep) => number | null | Promise<number | null>;

/**
 * Starts a process that reads a step as a line of JSON and answers with its microseconds or `null`. The peer throws a RunError with the
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
    return JSON.parse(value) as number | null;
  };
  await peer(trainingSteps[0]!);
  return peer;
}
