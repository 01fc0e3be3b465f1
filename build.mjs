// Builds the stages whose sources have changed since they were last built: those of a goal (all, cli, page), all by default.
// `--force` deletes build/ first, so that it holds no output of a deleted source.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));
process.chdir(root);
process.env.PATH = `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH}`;

const sources = ["assembly", "src", "asconfig.json", "tsconfig.json"];

/** In the order in which they are built. Each stage reads what the stages before it have written. */
const stages = [
  {
    name: "wasm",
    from: ["assembly", "asconfig.json"],
    to: [
      "build/debug.wasm",
      "build/release.wasm",
      "build/fma.wasm",
      "build/peak.wasm",
      "build/coreBytes.js",
    ],
    commands: [
      "asc --target debug",
      "asc --target release",
      "asc assembly/fused.ts --target fma",
      "node assembly/inline.mjs",
      "asc --config assembly/peak.json",
    ],
  },
  {
    name: "ts",
    from: sources,
    to: ["build/src/cli/main.js"],
    commands: ["tsc", "node build/src/build/documentTypes.js"],
  },
  {
    name: "node",
    from: [...sources, "vite.node.config.ts"],
    to: ["build/node/main.js"],
    commands: ["vite build --logLevel warn --config vite.node.config.ts"],
  },
  {
    name: "browser",
    from: [...sources, "vite.config.ts", "vite.entries.config.ts"],
    to: ["index", "worker", "policy", "grid-policy", "games", "js-kernels"].map(
      (name) => `build/browser/${name}.js`,
    ),
    commands: [
      "vite build --logLevel warn",
      ...["policy", "grid-policy", "games", "js-kernels"].map(
        (name) => `vite build --logLevel warn --config vite.entries.config.ts --mode ${name}`,
      ),
    ],
  },
  {
    name: "web",
    from: [...sources, "records"],
    to: ["build/web/index.html", "build/web/wasm-dqn-demo.js"],
    commands: ["src/web", "src/web/embed"].map(
      (folder) => `vite build --logLevel warn --config ${folder}/vite.config.ts`,
    ),
  },
];

/** Stages by what asks for them. */
const goals = {
  all: ["wasm", "ts", "node", "browser", "web"],
  cli: ["wasm", "ts", "node"],
  page: ["wasm", "web"],
};

function filesOf(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesOf(join(path, name)));
}

/** Digest of the names, sizes and times of a stage's sources, of its commands and of the page's address: also notices deleted and older files. */
function fingerprint({ commands, from }) {
  const files = [...from, "package-lock.json"].flatMap(filesOf).sort();
  const lines = files.map((file) => {
    const { mtimeMs, size } = statSync(file);
    return `${file} ${size} ${mtimeMs}`;
  });
  return createHash("sha256")
    .update([...commands, ...lines, process.env.SITE_URL].join("\n"))
    .digest("hex");
}

function run(command) {
  const { status } = spawnSync(command, { shell: true, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

const args = process.argv.slice(2);
const force = args.includes("--force");
const [goal = "all"] = args.filter((arg) => arg !== "--force");
const needed = goals[goal];
if (needed === undefined) {
  console.error(`build.mjs: the goal must be ${Object.keys(goals).join(", ")}, got "${goal}".`);
  process.exit(2);
}
if (force) rmSync("build", { recursive: true, force: true });
for (const stage of stages.filter(({ name }) => needed.includes(name))) {
  const stampFile = `build/.${stage.name}`;
  const stamp = fingerprint(stage);
  const built = existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp;
  if (built && stage.to.every((file) => existsSync(file))) continue;
  for (const command of stage.commands) run(command);
  if (stage.name === "node") chmodSync("build/node/main.js", 0o755);
  mkdirSync("build", { recursive: true });
  // Taken before the commands ran: a source that was changed meanwhile is built again.
  writeFileSync(stampFile, stamp);
}
