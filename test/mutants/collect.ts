// Both packages are parts of vitest and are installed with it.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
} from "@vitest/expect";
import { fn, spyOn } from "@vitest/spy";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
const expect = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  chai.expect,
  (globalThis as Record<symbol, object>)[ASYMMETRIC_MATCHERS_OBJECT],
);

type Body = (...values: unknown[]) => unknown;

export interface Test {
  readonly name: string;
  readonly run: () => unknown;
}

/** Replaces "vitest", which starts a worker for each run: its `expect` and spies, and a list of the tests that were declared. */
export function testCollector() {
  const tests: Test[] = [];
  const path: string[] = [];
  const finish: (() => unknown)[] = [];

  function describe(name: string, body: Body, ...values: unknown[]): void {
    path.push(name);
    body(...values);
    path.pop();
  }

  function it(name: string, body: Body, ...values: unknown[]): void {
    const run = async () => {
      try {
        await body(...values);
      } finally {
        for (const last of finish.splice(0)) await last();
      }
    };
    tests.push({ name: [...path, name].join(" > "), run });
  }

  const each =
    (declare: (name: string, body: Body, ...values: unknown[]) => void) =>
    (cases: readonly unknown[]) =>
    (name: string, body: Body) => {
      cases.forEach((value, k) => {
        declare(`${name} [${k}]`, body, ...(Array.isArray(value) ? value : [value]));
      });
    };

  const module = {
    describe: Object.assign(describe, { each: each(describe) }),
    it: Object.assign(it, { each: each(it) }),
    expect,
    onTestFinished: (last: () => unknown) => finish.push(last),
    vi: { fn, spyOn },
  };
  return { module, tests };
}
