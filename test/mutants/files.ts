import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The bundle is in build/mutants. */
export const root = join(import.meta.dirname, "../..");

export const folders = ["src/agent", "src/training", "src/kernels/js", "src/environments"];
const testFolders = ["test/agent", "test/environments", "test/kernels", "test/training"];

/** help.ts holds only texts for people. */
const withoutMutants = "src/training/help.ts";
/** Slow tests of whole training runs, and tests that read build/ or the text of the sources. */
const leftOut =
  /\/(allocation|wholeRuns)\.test\.ts$|kernels\/(core|module|exactArithmetic)\.test\.ts$/;

function filesIn(folder: string, end: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(end))
    .map((name) => `${folder}/${name}`)
    .sort();
}

export const sources = folders
  .flatMap((folder) => filesIn(folder, ".ts"))
  .filter((file) => file !== withoutMutants);

export const testFiles = testFolders
  .flatMap((folder) => filesIn(folder, ".test.ts"))
  .filter((file) => !leftOut.test(file));

export const textOf = (file: string) => readFileSync(join(root, file), "utf8");

export const digestOf = (text: string) =>
  createHash("sha256").update(text).digest("hex").slice(0, 16);

const digests = new Map([...sources, ...testFiles].map((file) => [file, digestOf(textOf(file))]));
export const fileDigest = (file: string) => digests.get(file) ?? "";
export const allSourcesDigest = digestOf(sources.map(fileDigest).join());
export const allTestsDigest = digestOf(testFiles.map(fileDigest).join());

/** A JSON file in build/mutants with results for the next run. */
export class Cache<Value> {
  readonly values: Record<string, Value>;
  readonly #path: string;

  constructor(name: string) {
    const folder = join(root, "build/mutants");
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, name);
    this.values = existsSync(this.#path) ? JSON.parse(readFileSync(this.#path, "utf8")) : {};
  }

  save(): void {
    writeFileSync(this.#path, JSON.stringify(this.values));
  }
}
