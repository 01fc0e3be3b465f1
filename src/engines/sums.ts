import { createHash } from "node:crypto";
import { weightsSha256 } from "../formats/policy.ts";
import { backends, cases, type RunLine } from "./cases.ts";

/** SHA-256 sums by heading. */
export type Sums = Readonly<Record<string, string>>;

/** Names of the sums: the weights of each case, and the priorities of the case with prioritised replay. */
const names = [...Object.keys(cases), "priorities"];

/** Table columns. The sums of both backends must be equal. */
export const columns = names.flatMap((name) =>
  backends.map((backend) => ({ name, backend, heading: `${name} ${backend}` })),
);

/** Computes the sums of a finished run. */
export async function sumsOf({ backend, name, priorities, weights }: RunLine): Promise<Sums> {
  const values = new Float32Array(Uint8Array.from(Buffer.from(weights, "hex")).buffer);
  const sum = await weightsSha256([{ name, shape: [values.length], values }]);
  const whole = { [`${name} ${backend}`]: sum };
  if (priorities === "") return whole;
  const bytes = Buffer.from(priorities, "hex");
  return { ...whole, [`priorities ${backend}`]: createHash("sha256").update(bytes).digest("hex") };
}

/** The sums on which all engines agree, on both backends; null if two differ or one is missing. */
export function agreedSums(engines: readonly Sums[]): Sums | null {
  const [first] = engines;
  if (first === undefined) return null;
  const agreed = Object.fromEntries(
    columns.map(({ heading, name }) => [name, first[heading] ?? ""]),
  );
  const all = engines.every((sums) =>
    columns.every(({ heading, name }) => sums[heading] === agreed[name]),
  );
  return all ? agreed : null;
}
