// Your game in the commands, from its module.
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  broken,
  type CoinRun,
  coin,
  dear,
  folderWithCoin,
  lastLine,
  trainCoin,
} from "./coinRun.ts";
import { temporaryFolder, wasmDqn } from "./run.ts";

describe("a run of your own game", () => {
  const folder = mkdtempSync(join(tmpdir(), "wasm-dqn-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  folderWithCoin(undefined, folder);
  const { runDirectory: run } = trainCoin(folder);
  const policy = join(run, "policy.safetensors");
  const env = ["--env", "./coin.ts"];

  it("stores the identity of the environment, not the path in its policy", () => {
    const description = JSON.parse(readFileSync(join(folder, run, "run.json"), "utf8")) as object;
    expect(description).toMatchObject({
      environment: {
        ...{ id: "Coin", observationSize: 32, actionCount: 4 },
        ...{
          actionNames: ["up", "right", "down", "left"],
          hash: expect.stringMatching(/^\w{64}$/),
        },
      },
      module: join(folder, "coin.ts"),
    });
    expect(readFileSync(join(folder, policy)).toString("latin1")).not.toContain("coin.ts");
    expect(run).toMatch(/^runs\/Coin__solve__1__/);
  });

  it("is evaluated like its policy file", () => {
    const evaluate = (path: string) => wasmDqn(folder, "evaluate", path, ...env, "--json");
    expect(evaluate(run)).toEqual(evaluate(policy));
    expect(evaluate(run)).toMatchObject({ code: 0, stderr: "" });
  });

  it.each(["evaluate", "play"])("%s refuses it without --env", (command) => {
    const sentence = `wasm-dqn: ${policy} was trained in "Coin", which is not built in: give its module (--env) or class.\n`;
    expect(wasmDqn(folder, command, policy)).toEqual({ code: 1, stdout: "", stderr: sentence });
  });

  it("evaluate refuses another game, and warns if the module has changed", () => {
    writeFileSync(join(folder, "gold.ts"), coin.replace("class Coin", "class Gold"));
    writeFileSync(join(folder, "dear.ts"), dear(coin));
    const gold = wasmDqn(folder, "evaluate", policy, "--env", "./gold.ts");
    expect(gold.stderr).toMatch(/needs the environment Coin \(.*\), got Gold \(.*\)\.\n$/);
    expect(gold.code).toBe(1);
    const other = wasmDqn(folder, "evaluate", policy, "--env", "./dear.ts");
    expect(other).toMatchObject({
      code: 0,
      stderr: `The module of Coin has changed since ${policy} was written, so results may differ.\n`,
    });
  });

  it("is played, filmed and exported", () => {
    const played = wasmDqn(folder, "play", run, ...env, "--svg", "a.svg");
    expect(played).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(join(folder, "a.svg"), "utf8")).toMatch(/<text [^>]*>[.@o ]+<\/text>/);
    const filmed = wasmDqn(folder, "play", run, ...env, "--gif", "a.gif");
    expect(filmed).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(join(folder, "a.gif")).subarray(0, 6).toString()).toBe("GIF89a");
    expect(wasmDqn(folder, "export", run)).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, run, "policy.onnx"))).toBe(true);
  });
});

describe("resuming a run of your game", () => {
  it("works from another folder, and from a module that has moved, to the same weights", () => {
    const [folder, elsewhere] = [folderWithCoin(), temporaryFolder()];
    const whole = trainCoin(folder, "--total-steps", "1500");
    const run = join(folder, trainCoin(folder).runDirectory);
    const resume = (...flags: string[]) =>
      wasmDqn(elsewhere, "train", "--json", "--resume", run, ...flags);

    const second = resume("--total-steps", "1000");
    expect(second.stderr).toContain(
      `Running the environment module ${join(folder, "coin.ts")}, which ${join(run, "run.json")} names.`,
    );
    renameSync(join(folder, "coin.ts"), join(elsewhere, "moved.ts"));
    const gone = resume("--total-steps", "1500");
    expect([gone.code, lastLine(gone.stderr)]).toEqual([
      1,
      `wasm-dqn: The module ${join(folder, "coin.ts")} of ${run} is gone: give its new path with --env.`,
    ]);
    const third = resume("--total-steps", "1500", "--env", "./moved.ts");
    expect(third.stderr).not.toMatch(/Running|changed/);
    expect((JSON.parse(third.stdout) as CoinRun).weightsSha256).toBe(whole.weightsSha256);
  });

  it("reports the file and line of an error in setState", () => {
    const folder = folderWithCoin();
    const { runDirectory } = trainCoin(folder);
    const refused = coin.replace("this.#state.set(", 'throw new Error("old map");\n(');
    expect(refused).not.toBe(coin);
    writeFileSync(join(folder, "coin.ts"), refused);
    const more = ["--total-steps", "700"];
    const { code, stderr } = wasmDqn(folder, "train", "--resume", runDirectory, ...more);
    const line = refused.split("\n").findIndex((text) => text.includes("old map")) + 1;
    expect([code, lastLine(stderr)]).toEqual([
      1,
      `wasm-dqn: ${runDirectory}/checkpoint.safetensors does not fit the environment Coin: coin.ts:${line}: old map.`,
    ]);
  });

  it("warns if the module has changed, and refuses another environment", () => {
    const folder = folderWithCoin();
    const { runDirectory } = trainCoin(folder);
    const resume = ["train", "--resume", runDirectory, "--total-steps", "700", "--env"];
    writeFileSync(join(folder, "other.ts"), coin.replace(" Coin", " Gold"));
    const other = wasmDqn(folder, ...resume, "./other.ts");
    expect([other.code, other.stderr]).toEqual([1, expect.stringMatching(/needs .* got Gold/)]);
    const builtIn = wasmDqn(folder, ...resume, "CartPole-v1");
    expect([builtIn.code, builtIn.stderr]).toEqual([
      2,
      expect.stringContaining("env cannot change"),
    ]);
    writeFileSync(join(folder, "coin.ts"), `${coin}// changed\n`);
    const changed = wasmDqn(folder, ...resume, "./coin.ts");
    expect([changed.code, changed.stderr]).toEqual([
      0,
      expect.stringMatching(/module of Coin has/),
    ]);
  });
});

it("without a render method is not shown, and leaves no run folder", () => {
  const folder = folderWithCoin((text) => text.replace("render()", "draw()"));
  const { code, stderr } = wasmDqn(folder, "train", "--env", "./coin.ts", "--render");
  expect([code, stderr]).toEqual([
    1,
    "wasm-dqn: --render cannot show Coin: give the environment a render method.\n",
  ]);
  expect(existsSync(join(folder, "runs"))).toBe(false);
  const { runDirectory } = trainCoin(folder);
  const play = (...flags: string[]) =>
    wasmDqn(folder, "play", runDirectory, "--env", "./coin.ts", ...flags);
  expect(play("--svg", "a.svg")).toMatchObject({
    code: 1,
    stderr: "wasm-dqn: Coin cannot be shown: give the environment a render method.\n",
  });
  expect(play()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^episode 1: return /) });
});

describe("a threshold", () => {
  it("is the environment's; without one, a run is never reported as not solved", () => {
    const folder = folderWithCoin((text) => text.replace(/ *readonly rewardThreshold.*\n/, ""));
    expect(trainCoin(folder).solved).toBeNull();
    const flags = ["train", "--env", "./coin.ts", "--total-steps", "300"];
    expect(wasmDqn(folder, ...flags).stdout).toMatch(/\nFinished: Coin, /);
    expect(trainCoin(folderWithCoin()).solved).toBe(false);
  });

  it("without a criterion is refused", () => {
    const result = wasmDqn(
      temporaryFolder(),
      "train",
      "--recipe",
      "cleanrl",
      "--solved-threshold",
      "9",
    );
    expect([result.code, result.stderr]).toEqual([
      2,
      "wasm-dqn: solvedThreshold needs solvedBy, such as evaluation.\n",
    ]);
  });
});

describe("an error in your module", () => {
  const place = /coin\.ts:\d+: Cannot read properties of undefined \(reading '/;

  it.each(["train", "random"])("%s shows the file and line, not our stack", (command) => {
    const { code, stderr } = wasmDqn(folderWithCoin(broken), command, "--env", "./coin.ts");
    expect([code, stderr.split("\n").length]).toEqual([1, 2]);
    expect(stderr).toMatch(/^wasm-dqn: The environment Coin threw in step \(episode 1, step 1\): /);
    expect(stderr).toMatch(place);
    const line = Number(/coin\.ts:(\d+)/.exec(stderr)![1]);
    expect(broken(coin).split("\n")[line - 1]).toContain("this.food.");
  });

  it.each([
    [
      "throws while it loads",
      (text: string) => `throw new Error("no map");\n${text}`,
      "coin.ts:1: no map.",
    ],
    [
      "has an error in its syntax",
      (text: string) => text.replace("class Coin", "class 5"),
      "coin.ts:",
    ],
    [
      "exports an instance",
      (text: string) => `${text.replace("default ", "")}\nexport default new Coin();\n`,
      "(Snake, not new Snake()), got an instance of Coin.",
    ],
  ])("that %s is reported in one sentence", (_, change, reason) => {
    const { code, stderr } = wasmDqn(folderWithCoin(change), "random", "--env", "./coin.ts");
    expect([code, stderr]).toEqual([1, expect.stringContaining(reason)]);
    expect(stderr).toMatch(/^wasm-dqn: The environment module \.\/coin\.ts [^\n]*\n$/);
  });

  it("names --env if an environment is unknown", () => {
    const { code, stderr } = wasmDqn(temporaryFolder(), "train", "--env", "snake");
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/or with --env the path of a module/),
    ]);
  });
});

it("plot separates runs of two versions of a game", () => {
  const folder = folderWithCoin();
  const first = trainCoin(folder).runDirectory;
  writeFileSync(join(folder, "coin.ts"), dear(coin));
  const second = trainCoin(folder, "--seed", "2").runDirectory;
  expect(wasmDqn(folder, "plot", first, second).code).toBe(0);
  const svg = readFileSync(join(folder, "curves.svg"), "utf8");
  expect(svg.match(/<title>solve module=[0-9a-f]{8}</g)).toHaveLength(2);
});
