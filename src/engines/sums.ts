import { createHash } from "node:crypto";
import { weightsSha256 } from "../formats/policy.ts";
import { cases, exactBackends, type RunLine } from "./cases.ts";

/** SHA-256 sums by heading. */
export type Sums = Readonly<Record<string, string>>;

/** Names of the sums: the weights of each case, and the priorities of the case with prioritised replay. */
const names = [...Object.keys(cases), "priorities"];

/** A column of a table: `name` is that of the expected sum, `heading` that of an engine's sum. */
export interface Column {
  readonly name: string;
  readonly heading: string;
}

/** Columns of `wasm` and `js`, whose sums must be equal. */
export const exactColumns: readonly Column[] = names.flatMap((name) =>
  exactBackends.map((backend) => ({ name, heading: `${name} ${backend}` })),
);

/** Columns of `wasm-fma`, which has separate expected sums. */
export const fmaColumns: readonly Column[] = names.map((name) => {
  const heading = `${name} wasm-fma`;
  return { name: heading, heading };
});

export const columns: readonly Column[] = [...exactColumns, ...fmaColumns];

/** Computes the sums of a finished run. */
export async function sumsOf({ backend, name, priorities, weights }: RunLine): Promise<Sums> {
  const values = new Float32Array(Uint8Array.from(Buffer.from(weights, "hex")).buffer);
  const sum = await weightsSha256([{ name, shape: [values.length], values }]);
  const whole = { [`${name} ${backend}`]: sum };
  if (priorities === "") return whole;
  const bytes = Buffer.from(priorities, "hex");
  return { ...whole, [`priorities ${backend}`]: createHash("sha256").update(bytes).digest("hex") };
}

/** The sums of these columns on which all engines agree; null if two differ or one is missing. */
export function agreedSums(engines: readonly Sums[], compared: readonly Column[]): Sums | null {
  const [first] = engines;
  if (first === undefined) return null;
  const agreed = Object.fromEntries(
    compared.map(({ heading, name }) => [name, first[heading] ?? ""]),
  );
  const all = engines.every((sums) =>
    compared.every(({ heading, name }) => sums[heading] === agreed[name]),
  );
  return all ? agreed : null;
}
