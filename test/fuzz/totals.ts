import type { TaskMeta } from "vitest";
import type { Reporter, TestModule } from "vitest/node";

/** Rows of the table that `npm run fuzz` prints at its end. */
const totals = [
  "command lines as processes",
  "bit flips of policies",
  "bit flips of checkpoints",
  "damaged inputs",
  "random configurations",
  "trainer method sequences",
  "kills",
] as const;

export type Total = (typeof totals)[number];

declare module "vitest" {
  interface TaskMeta {
    /** Number of cases that the test has run. */
    cases?: { total: Total; count: number };
  }
}

/** Counts cases of a test for the table. */
export function countCases(task: { readonly meta: TaskMeta }, total: Total, count = 1): void {
  task.meta.cases ??= { total, count: 0 };
  task.meta.cases.count += count;
}

/** Prints the number of cases of each kind. */
export class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = new Map<Total, number>();
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { cases } = test.meta();
        if (cases) counts.set(cases.total, (counts.get(cases.total) ?? 0) + cases.count);
      }
    }
    console.log("\nCases run");
    for (const total of totals) {
      const count = (counts.get(total) ?? 0).toLocaleString("en-US");
      console.log(`  ${total.padEnd(28)}${count.padStart(12)}`);
    }
  }
}
