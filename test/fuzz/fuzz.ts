import fc from "fast-check";
import { expect, it, type TestContext } from "vitest";
import { RunError, UsageError } from "../../src/errors.ts";
import { RandomStream, streamSeed } from "../../src/numerics/random.ts";
import { Mutator } from "./mutator.ts";
import { countCases, type Total } from "./totals.ts";
import { watched } from "./watchdog.ts";

/** Factor for the number of cases. `npm run fuzz` sets it. */
const times = Number(process.env.FUZZ_TIMES ?? 1);
/** The seed of all cases. Together with FUZZ_CASE it repeats a failure. */
export const seed = Number(process.env.FUZZ_SEED ?? 1);
const only = process.env.FUZZ_CASE;

/** Memory that a reader may allocate for any file, and in addition per byte of the file. */
const SPARE_BYTES = 64 * 2 ** 20;
const BYTES_PER_BYTE = 200;

/** An asynchronous fuzz test stops after this many failures. All of them are reported. */
const MOST_FAILURES = 12;

/** One input. */
export interface Case {
  /** Size of the input in bytes. */
  readonly size: number;
  /** Reads the input. Returns, or throws a UsageError or a RunError of one sentence. */
  readonly read: () => unknown;
  /** Description of the input for the failure message. */
  readonly shown?: string;
}

/** @throws unless the error is a UsageError or a RunError of one sentence */
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

/** An error that names the case and the command that repeats it. */
function failure(title: string, k: number, shown: string | undefined, error: unknown): Error {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const how = `FUZZ_SEED=${seed} FUZZ_CASE=${k} npx vitest run test/fuzz -t "${title}"`;
  const input = shown === undefined ? "" : `\n${shown.slice(0, 2_000)}`;
  return new Error(`Case ${k}; to repeat it: ${how}${input}\n${reason}`);
}

function attemptShown(title: string, k: number, one: Case): void {
  try {
    attempt(one);
  } catch (error) {
    throw failure(title, k, one.shown, error);
  }
}

const mutatorOf = (k: number) =>
  new Mutator(new RandomStream(new Uint32Array(4)).seed(streamSeed(seed, k)));

/** Number of the first case, and of the last one plus 1. FUZZ_CASE selects a single case. */
function range(count: number): [first: number, end: number] {
  return only === undefined ? [0, Math.ceil(count * times)] : [Number(only), Number(only) + 1];
}

/** Returns a function that prints the progress of a long test every 10 seconds. */
function progressOf(title: string, end: number): (k: number) => void {
  let shownAt = Date.now();
  return (k) => {
    if (times <= 1 || Date.now() - shownAt < 10_000) return;
    shownAt = Date.now();
    console.log(`${title}: ${k} of ${end} cases, seed ${seed}`);
  };
}

/** Defines a test of `count` damaged inputs, each of which must be read or rejected with one sentence. */
export function fuzz(
  title: string,
  count: number,
  make: (mutator: Mutator) => Case,
  total: Total = "damaged inputs",
): void {
  const [first, end] = range(count);
  it(`${title}: ${end - first} cases`, ({ task }) =>
    watched(title, seed, (see) => {
      const progress = progressOf(title, end);
      for (let k = first; k < end; k++) {
        see(k);
        attemptShown(title, k, make(mutatorOf(k)));
        countCases(task, total);
        progress(k);
      }
    }));
}

/** An asynchronous case, such as a process. */
export interface AsyncCase {
  /** Returns a description of the input for the failure message. */
  readonly shown: () => string;
  /** Runs the case. Rejects if it fails. */
  readonly run: () => Promise<void>;
}

/** Defines a test of `count` asynchronous cases, `together` of them at a time. It collects its failures. */
export function fuzzAsync(
  title: string,
  count: number,
  { together, total }: { readonly together: number; readonly total: Total },
  make: (mutator: Mutator, k: number) => AsyncCase,
): void {
  const [first, end] = range(count);
  const test = ({ task }: TestContext) =>
    watched(title, seed, async (see) => {
      const progress = progressOf(title, end);
      const failures: Error[] = [];
      let next = first;
      const work = async () => {
        while (next < end && failures.length < MOST_FAILURES) {
          const k = next++;
          see(k);
          const one = make(mutatorOf(k), k);
          await one.run().catch((error) => failures.push(failure(title, k, one.shown(), error)));
          countCases(task, total);
          progress(k);
        }
      };
      await Promise.all(Array.from({ length: together }, work));
      if (failures.length > 0) {
        throw new Error(
          `${failures.length} failures\n\n${failures.map(({ message }) => message).join("\n\n")}`,
        );
      }
    });
  // Long enough to detect commands that hang. `npm run fuzz` has a longer timeout.
  it(`${title}: ${end - first} cases`, test, times > 1 ? undefined : 180_000);
}

/** Defines a test of `count` values from fast-check, which shrinks a failure and prints its seed and path. */
export function property<Value>(
  title: string,
  count: number,
  values: fc.Arbitrary<Value>,
  read: (value: Value) => unknown,
  total: Total = "damaged inputs",
): void {
  const cases = Math.ceil(count * times);
  it(`${title}: ${cases} cases`, ({ task }) =>
    watched(title, seed, (see) => {
      let k = 0;
      const predicate = (value: Value) => {
        see(k++);
        attempt({ size: 0, read: () => read(value) });
        countCases(task, total);
      };
      fc.assert(fc.property(values, predicate), { numRuns: cases, seed });
    }));
}
