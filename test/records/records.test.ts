// records/ holds policy files, and records.json: a table made from them by `npm run records`.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { readOrigin } from "../../src/formats/policyOrigin.ts";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import { findProblem, type RecordRow, readRecord } from "../../src/runs/record.ts";

const folder = new URL("../../records", import.meta.url).pathname;
const table = join(folder, "records.json");
const files = readdirSync(folder).filter((file) => file.endsWith(".safetensors"));
const rows = await Promise.all(
  files.map((file) => readRecord(readFileSync(join(folder, file)), file)),
);

/** `npm test` trains records with at most this number of steps again, `npm run records` all. */
const MOST_STEPS = process.env.RECORDS === "all" ? Infinity : 60_000;

/** The table so far. Its key `by`, who found the record, is the only one that the files do not have. */
const before = JSON.parse(readFileSync(table, "utf8")) as (RecordRow & { readonly by: string })[];

const people = new Map(before.map(({ by, weightsSha256 }) => [weightsSha256, by]));

/** Steps, or parameters and then steps: less is better. */
const figures = ({ kind, parameters, steps }: RecordRow) =>
  kind === "fastest" ? [steps] : [parameters, steps];

/** Whether a row is better than the one that it replaces, if it replaces one. */
function beats(row: RecordRow): boolean {
  const old = before.find(({ file }) => file === row.file);
  if (old === undefined || old.weightsSha256 === row.weightsSha256) return true;
  const [now, then] = [figures(row), figures(old)];
  const first = now.findIndex((figure, k) => figure !== then[k]);
  return first >= 0 && now[first]! < then[first]!;
}

const order = ["CartPole-v1", "MountainCar-v0", "Acrobot-v1"];
const place = ({ env, kind }: RecordRow) =>
  `${order.includes(env) ? order.indexOf(env) : order.length}${env}${kind}`;

it("counts only a better row as a new record", () => {
  const [row] = before;
  const other = { ...row!, weightsSha256: "another" };
  expect(beats({ ...other, steps: row!.steps - 1 })).toBe(true);
  expect([beats(other), beats({ ...other, steps: row!.steps + 1 })]).toEqual([false, false]);
});

it("has a table that equals its files: npm run records", async () => {
  const worse = rows.filter((row) => !beats(row)).map(({ file }) => file);
  expect(worse, "these files do not beat the records that they replace").toEqual([]);
  const sorted = rows.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
  const complete = sorted.map((row) => ({ ...row, by: people.get(row.weightsSha256) ?? "" }));
  await expect(`${JSON.stringify(complete, null, 2)}\n`).toMatchFileSnapshot(table);
  const unnamed = complete.filter(({ by }) => by === "").map(({ file }) => file);
  expect(unnamed, "write who found the record into the key `by` of its row").toEqual([]);
});

describe.each(rows)("$file", ({ file, steps }) => {
  const bytes = readFileSync(join(folder, file));

  it.runIf(steps <= MOST_STEPS)(
    "is trained again to the same bits, and solves its environment",
    async () => {
      expect(await findProblem(bytes, file, { backend: "wasm" })).toBe(null);
    },
  );
});

const [sample] = files.filter((file) => file.startsWith("fastest-CartPole"));
const whole = readFileSync(join(folder, sample!));
const { config } = readOrigin(whole, sample!);

/** The fastest CartPole run with another configuration. */
function altered(changes: Partial<Config>): Uint8Array {
  const { metadata, tensors } = decodeTensors(whole, sample!);
  const { wasm_dqn_crc32: _, ...rest } = metadata;
  const other = JSON.stringify({ ...config, ...changes });
  return encodeSafetensors({ metadata: { ...rest, config: other }, tensors });
}

it.each<[Partial<Config>, string]>([
  [{ evalEpisodes: 99 }, "solvedBy is evaluation, with at least 100 evalEpisodes"],
  [{ solvedBy: "meanReturn" }, "solvedBy is evaluation, with at least 100 evalEpisodes"],
  [{ solvedThreshold: 474 }, "solvedThreshold is at least 475"],
  [{ maxEpisodeSteps: 600 }, "maxEpisodeSteps changes the environment"],
  [{ env: "CartPole-v0" }, "its environment is CartPole-v0"],
])("refuses a record with %o", async (changes, rule) => {
  await expect(readRecord(altered(changes), sample!)).rejects.toThrow(
    `${sample} breaks a rule of the records: ${rule}.`,
  );
});

it("refuses a file with another name", async () => {
  await expect(readRecord(whole, "policy.safetensors")).rejects.toThrow(
    "breaks a rule of the records: its name is fastest-ENV.safetensors or smallest-ENV.safetensors",
  );
});

it("finds that the weights are not those of the configuration", async () => {
  const problem = await findProblem(altered({ seed: config.seed + 1 }), sample!, { backend: "js" });
  expect(problem).toMatch(/^The weights differ: /);
});
