import { cpus } from "node:os";

/** Processor and number of cores of this machine. */
export function machineName(): string {
  const { length } = cpus();
  return `${cpus()[0]?.model ?? "unknown processor"}, ${length} core${length === 1 ? "" : "s"}`;
}
