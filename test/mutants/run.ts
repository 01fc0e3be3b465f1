import { join } from "node:path";
import { Crew, share } from "./crew.ts";
import {
  allTestsDigest,
  Cache,
  digestOf,
  fileDigest,
  folders,
  root,
  sources,
  textOf,
} from "./files.ts";
import { findMutants, type Mutant, mutated } from "./mutants.ts";
import { report } from "./report.ts";
import { type KnownTest, Suite } from "./suite.ts";

// Mutation testing: `npm run test:mutants -- src/agent` changes the sources one place at a time and checks that a test fails.
// StrykerJS generates the mutants. Its own runner is not used: the switches and counters that it puts into the kernels' inner
// loops made one run of the tests take more than 5 minutes. Here only the mutated module is compiled again, at full speed.

const WORKERS = 2;
/** A test counts as hung after 3 s plus this many times its usual duration. */
const PATIENCE = 20;
const LEAST_PATIENCE = 3_000;

// checkpoint.test.ts: short runs notice what the long ones do.
process.env.RESUME_STEPS = "600";

const asked = process.argv.slice(2).map((name) => name.replace(/\/$/, ""));
const byFile = new Map<string, readonly Mutant[]>();
for (const file of sources) byFile.set(file, await findMutants(root, file));
const mutants = sources
  .filter((file) => asked.length === 0 || asked.some((name) => file.startsWith(name)))
  .flatMap((file) => byFile.get(file)!);

const crews = Array.from({ length: WORKERS }, () => new Crew());
const suite = await Suite.observe(crews, byFile);
const seconds = suite.tests.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
console.log(`${mutants.length} mutants, ${suite.tests.length} tests of ${seconds.toFixed(1)} s.`);

interface Outcome {
  /** The test that noticed the mutant, as "file > test"; empty if none did. */
  readonly by: string;
  /** Of the mutant's file and of the test's file, or of all tests if none noticed it. The outcome is valid while they are equal. */
  readonly digests: string;
}
const outcomes = new Cache<Outcome>("outcomes.json");
const keyOf = ({ end, file, replacement, start }: Mutant) =>
  `${file} ${start} ${end} ${digestOf(replacement)}`;
const digestsOf = ({ file }: Mutant, by: string) =>
  `${fileDigest(file)} ${by === "" ? allTestsDigest : fileDigest(by.split(" > ")[0]!)}`;

const left = mutants.filter((mutant) => {
  const before = outcomes.values[keyOf(mutant)];
  return before === undefined || before.digests !== digestsOf(mutant, before.by);
});
console.log(`${mutants.length - left.length} known, ${left.length} to try.`);

let done = 0;
await share(crews, left, async (mutant, crew) => {
  const by = await noticedBy(mutant, crew);
  outcomes.values[keyOf(mutant)] = { by, digests: digestsOf(mutant, by) };
  done++;
  if (done % 50 === 0) outcomes.save();
  if (done % 100 === 0) console.log(`${done} of ${left.length}`);
});
outcomes.save();

async function noticedBy(mutant: Mutant, crew: Crew): Promise<string> {
  const tests = suite.for(mutant);
  const trials = tests.map(({ milliseconds, number, testFile }) => ({
    testFile: join(root, testFile),
    number,
    limit: LEAST_PATIENCE + PATIENCE * milliseconds,
  }));
  const replaced = {
    path: join(root, mutant.file),
    content: mutated(textOf(mutant.file), mutant),
  };
  const answer = trials.length === 0 ? null : await crew.try({ kind: "try", replaced, trials });
  if (answer === null) return "";
  if (String(answer).includes("Transform failed")) {
    throw new Error(`${mutant.file}:${mutant.line} does not compile as ${mutant.replacement}`);
  }
  if (typeof answer === "string") return `${tests[0]!.testFile} > ${answer}`;
  const test: KnownTest = tests[answer.trial]!;
  suite.credit(mutant, test);
  return `${test.testFile} > ${test.name}`;
}

const noticed = (mutant: Mutant) => outcomes.values[keyOf(mutant)]!.by !== "";
process.exitCode = report(root, folders, mutants, noticed) ? 0 : 1;
