import { join } from "node:path";
import { type Crew, share } from "./crew.ts";
import { allSourcesDigest, Cache, fileDigest, root, sources, testFiles, textOf } from "./files.ts";
import type { Mutant } from "./mutants.ts";
import type { Observation } from "./worker.ts";

/** Maximum milliseconds of tests for one mutant. A mutant that only further tests would notice counts as unnoticed. */
const BUDGET = 4_000;

/** A test that passes on the unchanged sources. */
export interface KnownTest {
  readonly testFile: string;
  readonly number: number;
  readonly name: string;
  readonly milliseconds: number;
  /** How long its file takes to load. */
  readonly loading: number;
}

/** The case number of a parametrised test. */
const caseOf = (name: string) => Number(/\[(\d+)\]$/.exec(name)?.[1] ?? 0);

/** Index of the BlockStatement mutant of the innermost block that contains `mutant`; -1 for code at module level. */
function blockOf(inFile: readonly Mutant[], mutant: Mutant): number {
  return inFile.findLastIndex(
    ({ end, mutator, start }) =>
      mutator === "BlockStatement" && start <= mutant.start && end >= mutant.end,
  );
}

/** A source that records when one of its blocks begins. */
function observable(file: string, inFile: readonly Mutant[]): string {
  const blocks = [...inFile.entries()]
    .filter(([, { mutator }]) => mutator === "BlockStatement")
    .sort(([, a], [, b]) => b.start - a.start);
  let text = textOf(file);
  for (const [k, { start }] of blocks) {
    text = `${text.slice(0, start + 1)}hitBlock(${k});${text.slice(start + 1)}`;
  }
  return text;
}

/** The tests, and which blocks of the sources each of them runs. */
export class Suite {
  readonly tests: KnownTest[] = [];
  readonly #byFile: ReadonlyMap<string, readonly Mutant[]>;
  readonly #ofBlock = new Map<string, KnownTest[]>();
  readonly #ofFile = new Map<string, Set<KnownTest>>();
  readonly #loading = new Map<string, KnownTest[]>();
  /** Number of mutants noticed, by "file test". */
  readonly #noticed = new Map<string, number>();

  private constructor(byFile: ReadonlyMap<string, readonly Mutant[]>) {
    this.#byFile = byFile;
  }

  /** Runs every test once, except those whose file and sources are unchanged since the last time. */
  static async observe(crews: readonly Crew[], byFile: ReadonlyMap<string, readonly Mutant[]>) {
    const suite = new Suite(byFile);
    const cache = new Cache<Observation>("observed.json");
    const keyOf = (testFile: string) => `${testFile} ${fileDigest(testFile)} ${allSourcesDigest}`;
    const replaced = sources.map((file) => ({
      path: join(root, file),
      content: observable(file, byFile.get(file)!),
    }));
    const unseen = testFiles.filter((testFile) => cache.values[keyOf(testFile)] === undefined);
    await share(crews, unseen, async (testFile, crew) => {
      const path = join(root, testFile);
      const observation = await crew.observe({ kind: "observe", testFile: path, replaced });
      if (typeof observation === "string") throw new Error(`${testFile} ${observation}`);
      const failed = observation.tests.find(({ error }) => error !== null);
      if (failed) throw new Error(`${testFile}: ${failed.name} fails: ${failed.error}`);
      cache.values[keyOf(testFile)] = observation;
      cache.save();
    });
    for (const testFile of testFiles) suite.#take(testFile, cache.values[keyOf(testFile)]!);
    return suite;
  }

  #take(testFile: string, { loading, paths, tests }: Observation): void {
    const known: KnownTest[] = [];
    for (const [number, { blocks, milliseconds, name }] of tests.entries()) {
      if (milliseconds === null) continue;
      const test = { testFile, number, name, milliseconds, loading };
      known.push(test);
      for (const block of blocks) {
        const path = block.slice(0, block.lastIndexOf(":"));
        this.#ofBlock.set(block, [...(this.#ofBlock.get(block) ?? []), test]);
        this.#ofFile.set(path, (this.#ofFile.get(path) ?? new Set()).add(test));
      }
    }
    this.tests.push(...known);
    for (const path of paths) {
      this.#loading.set(path, [...(this.#loading.get(path) ?? []), ...known]);
    }
  }

  /** The tests to try on a mutant, within the budget: first those that noticed other mutants of its file, then short and varied ones. */
  for(mutant: Mutant): KnownTest[] {
    const path = join(root, mutant.file);
    const block = blockOf(this.#byFile.get(mutant.file)!, mutant);
    // Code at module level runs once, at import: it may matter to every test that runs any part of the module.
    const covering =
      block >= 0
        ? this.#ofBlock.get(`${path}:${block}`)
        : (this.#ofFile.get(path) ?? this.#loading.get(path));
    const rank = ({ loading, milliseconds, name }: KnownTest) =>
      (milliseconds + loading + 20 * caseOf(name)) /
      (1 + (this.#noticed.get(`${mutant.file} ${name}`) ?? 0));
    const budget = block >= 0 ? BUDGET : 3 * BUDGET;
    const loaded = new Set<string>();
    let spent = 0;
    return [...(covering ?? [])]
      .sort((a, b) => rank(a) - rank(b))
      .filter(({ loading, milliseconds, testFile }, k) => {
        spent += milliseconds + (loaded.has(testFile) ? 0 : loading);
        loaded.add(testFile);
        return k < 3 || spent < budget;
      });
  }

  /** Records that a test noticed a mutant. */
  credit({ file }: Mutant, { name }: KnownTest): void {
    const key = `${file} ${name}`;
    this.#noticed.set(key, (this.#noticed.get(key) ?? 0) + 1);
  }
}
