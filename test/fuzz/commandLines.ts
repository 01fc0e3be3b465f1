import { join } from "node:path";
import { configKeys } from "../../src/config/config.ts";
import type { Mutator } from "./mutator.ts";

/** Words of a command line, and the paths that the command may change. */
export interface Words {
  readonly args: readonly string[];
  /** Paths that may be created, with their contents. */
  readonly mayMake: readonly string[];
  /** Files that may be replaced. */
  readonly mayReplace: readonly string[];
  /** Whether the words name a pipe or device that may block. */
  readonly mayWait: boolean;
  /** Whether the words name the FIFO. */
  readonly fifo: boolean;
}

const special = [
  ...["/dev/zero", "/dev/null", "/dev/full", "/dev/stdin", "/dev/stdout", "/dev/fd/9", "/dev/tty"],
  ...["/proc/self/mem", "/proc/self/environ", "/proc/self/maps", "/proc/1/root/x", "/proc/self/fd"],
  ...["/proc/self/fd/0", "/sys/kernel", "fifo", "socket.safetensors", "folder", "folder/", "."],
  ...["..", "", " ", "-", "--", "~", "*", "$HOME", "loop.safetensors", "dangling.safetensors"],
  ...["loop.safetensors/x", "policy.safetensors/x", "a\nb", "\u001b[31m", "\u{1f4a5}", "e\u0301"],
  ...["file:///dev/null", "http://127.0.0.1:1/x", "x".repeat(300), "x/".repeat(2_500), "nothing"],
  ...["__proto__", "notes.txt", "empty.json"],
];
/** Output paths. Leaves out those through which root could write outside the sandbox, and "..". */
const odd = special.filter(
  (path) => !/^(\/dev\/(zero|tty|stdin)|\/proc\/(1\/|self\/(mem|fd))|\.\.$)/.test(path),
);

const policies = [
  "policy.safetensors",
  "linked.safetensors",
  "-policy.safetensors",
  "run/policy.safetensors",
];
const runs = [
  "run",
  "run",
  "linked-run",
  "run/checkpoint.safetensors",
  "elsewhere/checkpoint.safetensors",
  "elsewhere",
];
const outs = [
  "out",
  "runs",
  "a/b/c",
  "swept",
  "folder",
  "run",
  "elsewhere",
  "policy.safetensors",
  "fresh folder",
];

const flags = configKeys.map(
  (key) => `--${key.replace(/[A-Z]/g, (one) => `-${one.toLowerCase()}`)}`,
);
const values = [
  ...[
    "0",
    "1",
    "-1",
    "1e9",
    "1e999",
    "NaN",
    "none",
    "",
    " ",
    "true",
    "relu",
    "3,4",
    "=1",
    "x/y.ts",
  ],
  ...["\u001b[31m", "a\nb", "__proto__", "../x", "policy.safetensors", "config.json", "."],
];

/** Files in a run folder, which a resumed run replaces. */
const ownFiles = [
  "checkpoint.safetensors",
  "policy.safetensors",
  "config.json",
  "run.json",
  "episodes.csv",
  "metrics.jsonl",
];

/** Draws command lines: half of the paths are good, half are odd. */
class Drawer {
  readonly #mutator: Mutator;
  readonly #folder: string;
  readonly mayMake: string[] = [];
  readonly mayReplace: string[] = [];
  mayWait = false;
  fifo = false;

  constructor(mutator: Mutator, folder: string) {
    this.#mutator = mutator;
    this.#folder = folder;
  }

  #path(good: readonly string[], bad: readonly string[]): string {
    const path = this.#mutator.pick(this.#mutator.below(2) === 0 ? good : bad);
    if (path === "fifo") this.fifo = true;
    if (["fifo", "/dev/stdin", "/dev/tty", "-", "/proc/self/fd/0"].includes(path))
      this.mayWait = true;
    const relative = path !== "" && !path.startsWith("/") && !path.includes("://");
    return relative && this.#mutator.below(6) === 0 ? join(this.#folder, path) : path;
  }

  #relative(path: string): string {
    return path.startsWith(this.#folder) ? path.slice(this.#folder.length + 1) : path;
  }

  input(good: readonly string[]): string {
    return this.#path(good, special);
  }

  resumed(): string {
    const path = this.input(runs);
    const name = this.#relative(path)
      .replace(/\/?$/, "")
      .replace(/^linked-run/, "run");
    // A checkpoint outside of a run folder continues in a new one.
    this.mayMake.push("runs");
    if (name.startsWith("run")) {
      this.mayReplace.push(...ownFiles.map((file) => `run/${file}`));
      this.mayMake.push("run");
    }
    return path;
  }

  outFolder(): string {
    const path = this.#path(outs, odd);
    this.mayMake.push(join(".", this.#relative(path)).replace(/\/$/, ""));
    return path;
  }

  picture(good: readonly string[], ending: string): string {
    const files = ["full.svg", "null.gif", "dangling.svg", "loop.svg"].filter((name) =>
      name.endsWith(ending),
    );
    const path = this.#path(good, [...odd, ...files, `folder${ending}`, `nowhere/x${ending}`]);
    // `plot` draws curves.svg if "--" stands before --out.
    this.mayMake.push(this.#relative(path), "nowhere", "curves.svg");
    this.mayReplace.push(this.#relative(path));
    return path;
  }

  extraFlags(args: string[]): string[] {
    const mutator = this.#mutator;
    if (mutator.below(3) > 0) return args;
    const all = [...args];
    for (let left = 1 + mutator.below(2); left > 0; left--) {
      const flag = mutator.pick([...flags, "--json", "--render", "--nothing", "--__proto__"]);
      all.splice(mutator.below(all.length + 1), 0, flag, mutator.pick(values));
    }
    return all;
  }

  words(args: string[]): Words {
    const { fifo, mayMake, mayReplace, mayWait } = this;
    return { args: this.extraFlags(args), mayMake, mayReplace, mayWait, fifo };
  }
}

const short = ["--total-steps", "300", "--solved-by", "none", "--total-episodes", "none"];
const long = ["--total-steps", "1000000000", "--solved-by", "none", "--total-episodes", "none"];

/** One way to begin a command line. */
type Template = (draw: Drawer, mutator: Mutator) => string[];

/** Commands with a drawn path for each argument and flag that takes one. */
const templates: readonly Template[] = [
  (draw) => ["train", ...short, "--out", draw.outFolder()],
  (draw) => ["train", "--config", draw.input(["config.json"]), ...short, "--out", draw.outFolder()],
  (draw) => [
    "train",
    "--init-from",
    draw.input(policies),
    "--hidden-sizes",
    "8",
    ...short,
    "--out",
    draw.outFolder(),
  ],
  (draw) => ["train", "--resume", draw.resumed(), "--total-steps", "500"],
  (draw) => ["train", "--resume", draw.resumed(), "--checkpoint-every", "7"],
  (draw) => [
    "train",
    "--env",
    draw.input(["environment.mjs", "./environment.mjs"]),
    ...short,
    "--out",
    draw.outFolder(),
  ],
  (draw) => ["evaluate", draw.input(policies), "--episodes", "2"],
  (draw) => [
    "evaluate",
    "policy.safetensors",
    "--env",
    draw.input(["CartPole-v0", "environment.mjs"]),
    "--episodes",
    "2",
  ],
  (draw) => ["evaluate", "--episodes", "1", "--", draw.input(policies)],
  (draw) => ["random", "--env", draw.input(["Acrobot-v1", "environment.mjs"]), "--episodes", "1"],
  (draw) => ["play", draw.input(policies), "--svg", draw.picture(["film.svg"], ".svg")],
  (draw) => ["play", draw.input(policies), "--gif", draw.picture(["film.gif"], ".gif")],
  (draw) => [
    "export",
    draw.input(policies),
    "--out",
    draw.picture(["net.onnx", "policy.onnx"], ".onnx"),
  ],
  (draw) => [
    "plot",
    draw.input(["run"]),
    draw.input(["run", "elsewhere"]),
    "--out",
    draw.picture(["curves.svg"], ".svg"),
  ],
  (draw) => ["plot", "run", "--out", draw.picture(["curves.html"], ".html")],
  (draw) => [
    "sweep",
    "--seeds",
    "1",
    "--workers",
    "1",
    "--out",
    draw.outFolder(),
    "--set",
    "totalSteps=40",
  ],
  (draw) => [
    ...["sweep", "--sampler", "random", "--trials", "3", "--halving", draw.input(["3"])],
    ...["--seeds", "1", "--set", "learningStarts=20", "--set", "totalSteps=80"],
    ...["--set", "gamma=0.9..1", "--workers", "1", "--out", draw.outFolder()],
  ],
  (draw) => ["play", draw.input(policies), "--against", draw.input(["human", "random", "policy"])],
  (draw) => [
    "sweep",
    "--queue",
    draw.input(["redis://127.0.0.1:1"]),
    "--seeds",
    "1",
    "--out",
    draw.outFolder(),
  ],
  (draw) => ["worker", "--queue", draw.input(["redis://127.0.0.1:1", "redis://[", "127.0.0.1"])],
  (draw) => ["recipes", draw.input(["solve", "tanh-64"])],
  (draw) => {
    // Without --out, train writes there.
    draw.mayMake.push("runs");
    return [draw.input(["", "--help", "--version", "help", "train"]), draw.input(["--help"])];
  },
];

/** Long commands, which are sent signals. */
const longTemplates: readonly Template[] = [
  (draw) => ["train", ...long, "--out", draw.outFolder(), "--checkpoint-every", "50"],
  (draw) => ["train", ...long, "--out", draw.outFolder(), "--json"],
  (draw) => ["train", "--env", "./environment.mjs", ...long, "--out", draw.outFolder()],
  (draw) => ["train", "--resume", draw.resumed(), "--total-steps", "1000000000"],
  (draw) => ["sweep", "--seeds", "1-1000", "--workers", "2", "--out", draw.outFolder()],
  (draw) => [
    ...["sweep", "--halving", "3", "--seeds", "1-300", "--set", "gamma=0.9,0.95,0.99"],
    ...["--workers", "2", "--out", draw.outFolder()],
  ],
  () => ["evaluate", "policy.safetensors", "--episodes", "1000000"],
  () => ["random", "--env", "Acrobot-v1", "--episodes", "1000000"],
  () => ["bench"],
];

/** Draws the words of a command line for a sandbox that the command calls `folder`. */
export function drawWords(mutator: Mutator, folder: string, lasting: boolean): Words {
  const draw = new Drawer(mutator, folder);
  return draw.words(mutator.pick(lasting ? longTemplates : templates)(draw, mutator));
}
