import type { Snapshot } from "../browserTrainer/snapshot.ts";
import type { Trainer } from "../browserTrainer/trainer.ts";
import { type Config, parsePartial } from "../config/config.ts";
import { readText } from "../config/configText.ts";
import { recipeHelp } from "../config/help.ts";
import { recipes } from "../config/recipes.ts";
import { reasonOf } from "../errors.ts";
import { supportsWasm } from "../kernels/core.ts";
import { type Choice, readAddress, writeAddress } from "./address.ts";
import { fileKind, onFiles, saveAs } from "./files.ts";
import { LearningView } from "./learning.ts";
import { announce, count, element, notice } from "./page.ts";
import { Player } from "./player.ts";
import { QValueMap } from "./qValueMap.ts";
import { Race } from "./race.ts";
import { Session, type Status } from "./session.ts";
import { Settings } from "./settings.ts";
import { StageView } from "./stageView.ts";

/** Frames between two drawings of curves and Q-value map: ten drawings per second. */
const SLOW_FRAMES = 6;

const stage = new StageView(element<HTMLCanvasElement>("picture"));
const learning = new LearningView();
const qValueMap = new QValueMap();
const race = new Race(element("race"), () => {
  element("race-start").textContent = "Race";
});
const settings = new Settings(element("form"), (changes) => choose({ ...choice, changes }));
const session = new Session({ began: showRun, snapshot: takeSnapshot, status: showStatus });

/** Changes of every run if the browser has no WebAssembly SIMD. */
const fallback: Partial<Config> = supportsWasm() ? {} : { backend: "js" };
/** The current run's choice. */
let choice: Choice = { recipe: "solve", changes: fallback };
let player: Player | null = null;
/** Whether the shown policy comes from a file and not from the run. */
let foreign = false;
/** Whether the Q-value map is out of date, and the earliest time to compute it. It may take a tenth of the total time. */
let stale = false;
let nextMapTime = 0;

/** Runs a button's action. An error becomes a sentence on the page. */
function attempt(work: () => Promise<void> | void): void {
  Promise.resolve()
    .then(work)
    .catch((error: unknown) => notice(reasonOf(error)));
}

/** Prepares a run of another choice. @throws UsageError if the choice is invalid; the current run then stays */
async function choose(next: Choice): Promise<void> {
  if (await session.reset(next)) commit(next);
}

/** Shows a choice that has become the current run. */
function commit(next: Choice): void {
  choice = next;
  const { config } = session.trainer!;
  notice("");
  history.replaceState(null, "", writeAddress(choice));
  settings.show(choice, config);
  element<HTMLSelectElement>("recipe").value = choice.recipe;
  element<HTMLInputElement>("seed").value = String(config.seed);
}

function showRun(trainer: Trainer): void {
  element("about").textContent = recipeHelp[trainer.recipe]?.description ?? "";
  for (const id of ["train", "save-policy", "save-run", "race-start"]) {
    element<HTMLButtonElement>(id).disabled = false;
  }
  learning.begin(trainer.snapshot);
  foreign = false;
  showOwnPolicy(trainer);
}

/** Shows the run's policy, unless another run has started or a file was opened meanwhile. */
function showOwnPolicy(trainer: Trainer): void {
  trainer.policy().then(
    (bytes) => {
      if (trainer === session.trainer && !foreign) showPolicy(bytes, "");
    },
    (error: Error) => {
      if (trainer === session.trainer) notice(error.message);
    },
  );
}

/** @param name of the policy's file; empty for the run's own policy */
function showPolicy(bytes: Uint8Array, name: string): void {
  player = new Player(bytes, name);
  foreign = name !== "";
  stage.show(player);
  qValueMap.begin(player);
  element("own-policy").hidden = !foreign;
  element("whose").textContent = name;
  element("yourself").setAttribute("aria-pressed", "false");
}

function takeSnapshot(snapshot: Snapshot): void {
  learning.take(snapshot);
  if (player !== null && !foreign && player.policy.weights.length === snapshot.weights.length) {
    player.policy.weights.set(snapshot.weights);
    stale = true;
  }
}

function showStatus(status: Status, message: string): void {
  const train = element<HTMLButtonElement>("train");
  const ended = status === "finished" || status === "failed";
  train.textContent = status === "running" ? "Pause" : ended ? "Train again" : "Train";
  element<HTMLButtonElement>("episode").disabled = status !== "ready";
  if (status === "failed") notice(message);
  if (status === "finished") announceEnd();
}

function announceEnd(): void {
  const { milliseconds, solved, steps } = session.trainer!.snapshot;
  const time = `${count.format(steps)} steps and ${(milliseconds / 1000).toFixed(2)} s of training`;
  const text = solved ? `Solved after ${time}.` : `Finished after ${time}.`;
  element("about").textContent = text;
  announce(text);
}

let lastFrame = performance.now();
let frames = 0;
const still = matchMedia("(prefers-reduced-motion: reduce)");

function frame(now: number): void {
  requestAnimationFrame(frame);
  const milliseconds = now - lastFrame;
  // With reduced motion, one picture per second.
  if (still.matches && milliseconds < 1000) return;
  lastFrame = now;
  if (player === null) return;
  stage.frame(milliseconds);
  frames++;
  if (still.matches || frames % SLOW_FRAMES === 0) {
    learning.draw();
    race.draw();
    if (stale && now >= nextMapTime) {
      qValueMap.update(player);
      stale = false;
      nextMapTime = now + 10 * (performance.now() - now);
    }
    qValueMap.draw(player);
    const before = player.lastSteps === null ? "" : `, the last one took ${player.lastSteps}`;
    element("shown").textContent = `step ${player.steps} of this episode${before}`;
  }
}

async function openFile(file: File): Promise<void> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (fileKind(bytes, file.name) === "checkpoint") {
    if (!(await session.open(bytes, fallback))) return;
    const { config, recipe } = session.trainer!;
    const known = recipes.some(({ name }) => name === recipe);
    commit({ recipe: known ? recipe : "solve", changes: parsePartial(config, file.name) });
  } else {
    showPolicy(bytes, file.name);
    notice("");
  }
  announce(`${file.name} is open.`);
}

function steer(key: string, down: boolean): boolean {
  if (player === null || (key !== "ArrowLeft" && key !== "ArrowRight")) return false;
  const right = key === "ArrowRight";
  if (player.steering === null) {
    if (down) player.push(right ? 0.8 : -0.8);
  } else if (down) player.steer(right);
  else player.letGo();
  return true;
}

function listen(): void {
  const recipe = element<HTMLSelectElement>("recipe");
  recipe.append(...recipes.map(({ name }) => new Option(name)));
  recipe.addEventListener("change", () =>
    attempt(() => choose({ recipe: recipe.value, changes: fallback })),
  );
  const seed = element<HTMLInputElement>("seed");
  seed.addEventListener("change", () =>
    attempt(async () => {
      const asked = readText("seed", seed.value.trim());
      seed.value = String(session.trainer?.config.seed ?? "");
      const values = parsePartial({ seed: asked }, "");
      await choose({ ...choice, changes: { ...choice.changes, ...values } });
    }),
  );
  const pace = element<HTMLSelectElement>("pace");
  pace.addEventListener("change", () => session.setSlow(pace.value === "slow"));
  const speed = element<HTMLSelectElement>("speed");
  speed.addEventListener("change", () => {
    stage.speed = speed.value === "max" ? Number.POSITIVE_INFINITY : Number(speed.value);
  });
  const click = (id: string, work: () => Promise<void> | void) =>
    element(id).addEventListener("click", () => attempt(work));
  click("train", async () => {
    const { status } = session;
    if (status === "running") return session.pause();
    if (status !== "ready") await choose(choice);
    await session.start();
  });
  click("episode", () => session.start(1));
  click("reset", () => choose(choice));
  const contest = element<HTMLSelectElement>("race-recipe");
  contest.append(
    new Option("of the run above", ""),
    ...recipes.map(({ name }) => new Option(name)),
  );
  contest.value = "tanh-64";
  click("race-start", () => {
    if (race.running) return race.stop();
    element("race-start").textContent = "Stop";
    const { value } = contest;
    const seeded = { recipe: value, changes: { seed: session.trainer!.config.seed } };
    return race.run(value === "" ? choice : seeded);
  });
  click("save-policy", async () => saveAs("policy.safetensors", await session.trainer!.policy()));
  click("save-run", async () =>
    saveAs("checkpoint.safetensors", await session.trainer!.checkpoint()),
  );
  click("own-policy", () => {
    foreign = false;
    showOwnPolicy(session.trainer!);
  });
  click("yourself", () => {
    if (player === null) return;
    const own = player.steering === null;
    player.steering = own ? "alternate" : null;
    player.restart();
    element("yourself").setAttribute("aria-pressed", String(own));
    if (own) element("scene").focus();
  });
  const scene = element("scene");
  scene.addEventListener("keydown", (event) => {
    if (steer(event.key, true)) event.preventDefault();
  });
  scene.addEventListener("keyup", (event) => void steer(event.key, false));
  scene.addEventListener("blur", () => player?.letGo());
  onFiles(element("open"), element<HTMLInputElement>("file"), (file) =>
    attempt(() => openFile(file)),
  );
  addEventListener("hashchange", () => attempt(begin));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    stale = true;
  });
}

/** Prepares the run of the address. If the address is invalid, keeps the current run or prepares `solve`, and rethrows. */
async function begin(): Promise<void> {
  try {
    const { changes, recipe } = readAddress(location.hash);
    await choose({ recipe, changes: { ...changes, ...fallback } });
  } catch (error) {
    if (session.trainer === null) await choose(choice);
    else history.replaceState(null, "", writeAddress(choice));
    throw error;
  }
}

listen();
attempt(begin);
element("no-wasm").hidden = supportsWasm();
requestAnimationFrame(frame);
