import { existsSync, readdirSync, readFileSync, watch } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { RandomStream } from "../../src/numerics/random.ts";
import { temporaryFolder, wasmDqn } from "../cli/run.ts";
import { seed } from "../fuzz/fuzz.ts";
import { countCases } from "../fuzz/totals.ts";
import { episodeNumbers, expectIntactRun } from "./intactRun.ts";
import { begin, wait } from "./process.ts";

/** `npm run test:faults` and `FUZZ_TIMES=100 npm run fuzz` run 200. */
const kills = Number(process.env.FAULT_KILLS ?? 8);
const flags = ["--recipe", "tanh-64", "--learning-starts", "100", "--prioritized", "true"];
const STEPS = "12000";
const begun = ["train", ...flags, "--total-steps", STEPS, "--total-episodes", "none"];

/** Resolves when a temporary checkpoint file appears, or after 3 s. */
function saving(folder: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, (_event, name) => {
      if (!/^\.checkpoint\.safetensors\..*\.wasm-dqn-tmp$/.test(name ?? "")) return;
      watcher.close();
      resolve();
    });
    setTimeout(() => {
      watcher.close();
      resolve();
    }, 3_000).unref();
  });
}

it(
  `runs killed ${kills} times, also while saving, keep intact files and end with the same bits`,
  async ({ task }) => {
    const folder = temporaryFolder();
    const whole = JSON.parse(wasmDqn(folder, ...begun, "--json", "--out", "whole").stdout);
    const policy = (run: string) => readFileSync(join(run, "policy.safetensors"));
    const expected = policy(join(folder, whole.runDirectory));
    const random = new RandomStream(new Uint32Array(4)).seed(seed);
    const frequent = ["--checkpoint-every", "40"];
    let killed = 0;
    let halfSaved = 0;
    for (let trial = 0; killed < kills; trial++) {
      const out = join(folder, `killed-${trial}`);
      const run = () => (existsSync(out) ? readdirSync(out)[0] : undefined);
      const path = () => join(out, run() ?? "");
      for (let finished = false; !finished && killed < kills; ) {
        const canResume = existsSync(join(path(), "checkpoint.safetensors"));
        const args = canResume ? ["train", "--resume", path()] : [...begun, "--out", out];
        const command = begin(folder, [...args, ...frequent]);
        const pause = 100 + random.nextBelow(400);
        if (killed % 2 === 1 && canResume) await saving(path());
        else await wait(pause);
        command.kill("SIGKILL");
        const code = await command.ended;
        expect([0, null], command.says()).toContain(code);
        finished = code === 0;
        if (!finished) {
          killed++;
          countCases(task, "kills");
        }
        if (run() !== undefined) halfSaved += expectIntactRun(path()).length;
        // A run that was killed before its first checkpoint starts again in another folder.
        if (!finished && !existsSync(join(path(), "checkpoint.safetensors"))) break;
      }
      if (!existsSync(join(path(), "checkpoint.safetensors"))) continue;
      const end = wasmDqn(folder, "train", "--json", "--resume", path(), "--total-steps", STEPS);
      expect(end.code).toBe(0);
      expect(policy(path()).equals(expected)).toBe(true);
      const numbers = episodeNumbers(path());
      expect(numbers).toEqual(numbers.map((_, k) => k + 1));
      expect(expectIntactRun(path())).toEqual([]);
      expect(readdirSync(path()).filter((name) => name.endsWith(".lock"))).toEqual([]);
    }
    console.error(`${killed} kills, ${halfSaved} of them left a file half saved.`);
  },
  60_000 + 10_000 * kills,
);
