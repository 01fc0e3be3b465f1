import { parentPort, workerData } from "node:worker_threads";
import { type Test, testCollector } from "./collect.ts";
import { compile, ModuleRegistry, ModuleSources } from "./modules.ts";

/** Packages and modules of Node that sources and tests import. */
const packages = [
  ...["#fma-module", "@assemblyscript/loader", "node:crypto", "node:fs", "node:v8", "pbf"],
  "wasm-dqn/core-bytes",
];

/** A module to compile from `content` instead of its file. */
export interface Replaced {
  readonly path: string;
  readonly content: string;
}

/** A test, by its index in its file. It counts as hung after `limit` milliseconds. */
export interface Trial {
  readonly testFile: string;
  readonly number: number;
  readonly limit: number;
}

export type Request =
  | { readonly kind: "observe"; readonly testFile: string; readonly replaced: readonly Replaced[] }
  | { readonly kind: "try"; readonly replaced: Replaced; readonly trials: readonly Trial[] };

/** A test's run on the unchanged sources. */
export interface Observed {
  readonly name: string;
  /** null if the test is too slow to run. */
  readonly milliseconds: number | null;
  /** Blocks that ran during the test or when its file was loaded, as "path:block". */
  readonly blocks: readonly string[];
  readonly error: string | null;
}

export interface Observation {
  readonly tests: readonly Observed[];
  /** Milliseconds to load the file. */
  readonly loading: number;
  /** Modules that the file imports, also indirectly. */
  readonly paths: readonly string[];
}

/** The trial in which a mutant was killed. */
export interface Verdict {
  readonly trial: number;
  readonly error: string;
}

const { progress } = workerData as { progress: Int32Array };
/** Tests that take seconds and kill no mutants that survive the shorter ones. */
const tooSlow = /^every recipe trains to the same bits/;
const LOAD_MILLISECONDS = 20_000;

const found = await Promise.all(packages.map((name) => import(name)));
const externals = new Map<string, unknown>(
  packages.map((name, k) => [name, { __esModule: true, ...found[k] }]),
);
const sources = new ModuleSources(externals);

/** Tells the main thread that a step begins, and its maximum duration. */
function begin(milliseconds: number): void {
  progress[1] = milliseconds;
  Atomics.add(progress, 0, 1);
}

function load(testFile: string, replaced: ReadonlyMap<string, ReturnType<typeof compile>>) {
  begin(LOAD_MILLISECONDS);
  const { module, tests } = testCollector();
  const registry = new ModuleRegistry(sources, replaced, module);
  registry.load(testFile);
  return { tests, registry };
}

/** The blocks that have run since the last call, as "path:block". */
function takeBlocks({ ran }: ModuleRegistry): string[] {
  return [...ran].flatMap(([path, blocks]) => {
    const found = [...blocks.keys()].filter((block) => blocks[block] === 1);
    blocks.fill(0);
    return found.map((block) => `${path}:${block}`);
  });
}

async function observe(testFile: string, replaced: readonly Replaced[]): Promise<Observation> {
  const factories = new Map(replaced.map(({ content, path }) => [path, compile(path, content)]));
  const began = performance.now();
  const { registry, tests } = load(testFile, factories);
  const loading = performance.now() - began;
  const atLoad = takeBlocks(registry);
  const observed: Observed[] = [];
  for (const { name, run } of tests) {
    if (tooSlow.test(name)) {
      observed.push({ name, milliseconds: null, blocks: [], error: null });
      continue;
    }
    const start = performance.now();
    begin(600_000);
    const error = await failure(run);
    const milliseconds = performance.now() - start;
    observed.push({ name, milliseconds, blocks: [...atLoad, ...takeBlocks(registry)], error });
  }
  return { tests: observed, loading, paths: [...registry.loaded.keys()] };
}

async function failure(run: () => unknown): Promise<string | null> {
  try {
    await run();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function tryMutant(replaced: Replaced, trials: readonly Trial[]): Promise<Verdict | null> {
  const factory = new Map([[replaced.path, compile(replaced.path, replaced.content)]]);
  const loaded = new Map<string, Test[]>();
  for (const [trial, { limit, number, testFile }] of trials.entries()) {
    try {
      if (!loaded.has(testFile)) loaded.set(testFile, load(testFile, factory).tests);
    } catch (error) {
      return { trial, error: String(error) };
    }
    begin(limit);
    const test = loaded.get(testFile)![number];
    const error = test === undefined ? "the test is gone" : await failure(test.run);
    if (error !== null) return { trial, error };
  }
  return null;
}

parentPort!.on("message", async (request: Request) => {
  const answer =
    request.kind === "observe"
      ? await observe(request.testFile, request.replaced)
      : await tryMutant(request.replaced, request.trials);
  parentPort!.postMessage(answer);
});
