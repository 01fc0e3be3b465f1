import fc from "fast-check";
import { expect, it } from "vitest";
import { RunError, UsageError } from "../../src/errors.ts";
import { RandomStream, streamSeed } from "../../src/numerics/random.ts";
import { Mutator } from "./mutator.ts";
import { watched } from "./watchdog.ts";

/** How many times the usual number of cases to try: `npm run fuzz` sets it. */
const times = Number(process.env.FUZZ_TIMES ?? 1);
/** The seed of all cases: of a failure, together with FUZZ_CASE, to see it again. */
export const seed = Number(process.env.FUZZ_SEED ?? 1);
const only = process.env.FUZZ_CASE;

/** Memory that a reader may take whatever the file's size, and how much more for each of its bytes. */
const SPARE_BYTES = 64 * 2 ** 20;
const BYTES_PER_BYTE = 200;

/** One thing that is read. */
export interface Case {
  /** What is read has so many bytes. */
  readonly size: number;
  /** Reads it: returns, or throws a UsageError or a RunError of one sentence. */
  readonly read: () => unknown;
  /** What a failure shows of it. */
  readonly shown?: string;
}

/** @throws unless what was thrown is one of the library's two errors and one sentence */
export function checkRefusal(error: unknown): void {
  if (!(error instanceof UsageError || error instanceof RunError)) throw error;
  expect(error.message).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]{5,1000}[.!?]$/u);
}

function attempt({ read, size }: Case): void {
  const before = process.memoryUsage.rss();
  try {
    read();
  } catch (error) {
    checkRefusal(error);
  }
  const grown = process.memoryUsage.rss() - before;
  expect(grown, "bytes of memory").toBeLessThan(SPARE_BYTES + BYTES_PER_BYTE * size);
}

function attemptShown(title: string, k: number, one: Case): void {
  try {
    attempt(one);
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const how = `FUZZ_SEED=${seed} FUZZ_CASE=${k} npx vitest run test/fuzz -t "${title}"`;
    const shown = one.shown === undefined ? "" : `\n${one.shown.slice(0, 2_000)}`;
    throw new Error(`Case ${k}; to see it again: ${how}${shown}\n${reason}`);
  }
}

/** A test of `count` damaged inputs, each of which is read or refused in a sentence. */
export function fuzz(title: string, count: number, make: (mutator: Mutator) => Case): void {
  const cases = Math.ceil(count * times);
  const [first, end] = only === undefined ? [0, cases] : [Number(only), Number(only) + 1];
  it(`${title}: ${cases} cases`, () =>
    watched(title, seed, (see) => {
      let shownAt = Date.now();
      for (let k = first; k < end; k++) {
        see(k);
        const stream = new RandomStream(new Uint32Array(4)).seed(streamSeed(seed, k));
        attemptShown(title, k, make(new Mutator(stream)));
        if (times > 1 && Date.now() - shownAt > 10_000) {
          shownAt = Date.now();
          console.log(`${title}: ${k} of ${cases} cases, seed ${seed}`);
        }
      }
    }));
}

/** A test of `count` values that fast-check makes; it prints its own seed and path where one fails. */
export function property<Value>(
  title: string,
  count: number,
  values: fc.Arbitrary<Value>,
  read: (value: Value) => unknown,
): void {
  const cases = Math.ceil(count * times);
  it(`${title}: ${cases} cases`, () =>
    watched(title, seed, (see) => {
      let k = 0;
      const predicate = (value: Value) => {
        see(k++);
        attempt({ size: 0, read: () => read(value) });
      };
      fc.assert(fc.property(values, predicate), { numRuns: cases, seed });
    }));
}
