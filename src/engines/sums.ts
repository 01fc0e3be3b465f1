import { createHash } from "node:crypto";
import { weightsSha256 } from "../formats/policy.ts";
import { backends, cases, type RunLine } from "./cases.ts";

/** SHA-256 sums by what they are of. */
export type Sums = Readonly<Record<string, string>>;

/** What sums are of: each case's weights, and the priorities of the one that has some. */
const names = [...Object.keys(cases), "priorities"];

/** Each sum with the backend it comes from, under its heading in the table. Both backends must come to the same. */
export const columns = names.flatMap((name) =>
  backends.map((backend) => ({ name, backend, heading: `${name} ${backend}` })),
);

/** The sums of a finished run by their headings. */
export async function sumsOf({ backend, name, priorities, weights }: RunLine): Promise<Sums> {
  const values = new Float32Array(Uint8Array.from(Buffer.from(weights, "hex")).buffer);
  const sum = await weightsSha256([{ name, shape: [values.length], values }]);
  const whole = { [`${name} ${backend}`]: sum };
  if (priorities === "") return whole;
  const bytes = Buffer.from(priorities, "hex");
  return { ...whole, [`priorities ${backend}`]: createHash("sha256").update(bytes).digest("hex") };
}

/** The sums that all engines agree on, on both backends; null if they do not, or one has not all of them. */
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
