import { supportsWasm } from "../kernels/core.ts";
import type { Snapshot } from "../trainer/snapshot.ts";
import type { Trainer } from "../trainer/trainer.ts";
import { type Config, parsePartial } from "../training/config.ts";
import { recipeHelp } from "../training/help.ts";
import { recipes } from "../training/recipes.ts";
import { type Choice, readAddress, writeAddress } from "./address.ts";
import { fileKind, onFiles, saveAs } from "./files.ts";
import { LearningView } from "./learning.ts";
import { OpinionView } from "./opinion.ts";
import { announce, count, element, notice } from "./page.ts";
import { Player } from "./player.ts";
import { Race } from "./race.ts";
import { Session, type Status } from "./session.ts";
import { Settings } from "./settings.ts";
import { StageView } from "./stageView.ts";

/** Frames from one drawing of curves and landscape to the next: ten a second. */
const SLOW_FRAMES = 6;

const stage = new StageView(element<HTMLCanvasElement>("scene"));
const learning = new LearningView();
const opinion = new OpinionView();
const race = new Race(element("race"));
const settings = new Settings(element("form"), (changes) =>
  attempt(() => choose({ ...choice, changes })),
);
const session = new Session({ began, snapshot: taken, status: told });

const fallback: Partial<Config> = supportsWasm() ? {} : { backend: "js" };
let choice: Choice = { recipe: "solve", changes: fallback };
let player: Player | null = null;
/** Whether the shown policy is from a file, so that what is learned does not show. */
let foreign = false;
/** Whether the network has changed since the landscape was asked for, and when it may be asked again: it must not take much time. */
let fresh = false;
let nextOpinion = 0;

/** Does what a button asks for; what goes wrong becomes a sentence on the page. */
function attempt(work: () => Promise<void> | void): void {
  Promise.resolve()
    .then(work)
    .catch((error: unknown) => notice(error instanceof Error ? error.message : String(error)));
}

/** Begins a run of another choice. */
async function choose(next: Choice): Promise<void> {
  choice = next;
  history.replaceState(null, "", writeAddress(choice));
  notice("");
  await session.reset(choice);
}

function began(trainer: Trainer): void {
  const { config, recipe, snapshot } = trainer;
  settings.show(choice, config);
  element<HTMLSelectElement>("recipe").value = recipe;
  element<HTMLInputElement>("seed").value = String(config.seed);
  element("about").textContent = recipeHelp[recipe]?.description ?? "";
  learning.begin(snapshot);
  foreign = false;
  attempt(async () => showPolicy(await trainer.policy(), "The run's policy"));
}

function showPolicy(bytes: Uint8Array, name: string): void {
  player = new Player(bytes, name);
  stage.show(player);
  opinion.begin(player);
  element("own-policy").hidden = !foreign;
  element("whose").textContent = foreign ? name : "";
  element("yourself").setAttribute("aria-pressed", "false");
}

function taken(snapshot: Snapshot): void {
  learning.take(snapshot);
  if (player !== null && !foreign && player.policy.weights.length === snapshot.weights.length) {
    player.policy.weights.set(snapshot.weights);
    fresh = true;
  }
}

function told(status: Status, message: string): void {
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
  // Those who asked for less motion get a picture a second.
  if (still.matches && milliseconds < 1000) return;
  lastFrame = now;
  if (player === null) return;
  stage.frame(milliseconds);
  frames++;
  if (still.matches || frames % SLOW_FRAMES === 0) {
    learning.draw();
    race.draw();
    if (fresh && now >= nextOpinion) {
      opinion.update(player);
      fresh = false;
      nextOpinion = now + 10 * (performance.now() - now);
    }
    opinion.draw(player);
    const before = player.lastSteps === null ? "" : `, the last one took ${player.lastSteps}`;
    element("shown").textContent = `step ${player.steps} of this episode${before}`;
  }
}

async function openFile(file: File): Promise<void> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (fileKind(bytes, file.name) === "checkpoint") {
    await session.open(bytes);
    const { config, recipe } = session.trainer!;
    const known = recipes.some(({ name }) => name === recipe);
    choice = { recipe: known ? recipe : "solve", changes: parsePartial(config, file.name) };
    history.replaceState(null, "", writeAddress(choice));
    settings.show(choice, config);
  } else {
    const before = foreign;
    foreign = true;
    try {
      showPolicy(bytes, file.name);
    } catch (error) {
      foreign = before;
      throw error;
    }
  }
  notice("");
  announce(`${file.name} is open.`);
}

function steer(key: string, down: boolean): boolean {
  if (player === null || (key !== "ArrowLeft" && key !== "ArrowRight")) return false;
  const right = key === "ArrowRight";
  if (player.steering === null) {
    if (down) player.push(right ? 0.8 : -0.8);
  } else {
    const action = right ? player.policy.spec.actionCount - 1 : 0;
    if (down) player.steering = action;
    else if (player.steering === action) player.steering = "alternate";
  }
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
    attempt(() => {
      const values = parsePartial({ seed: Number(seed.value) }, "");
      return choose({ ...choice, changes: { ...choice.changes, ...values } });
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
    const { value } = contest;
    const seeded = { recipe: value, changes: { seed: session.trainer!.config.seed } };
    return race.run(value === "" ? choice : seeded);
  });
  click("save-policy", async () => saveAs("policy.safetensors", await session.trainer!.policy()));
  click("save-run", async () =>
    saveAs("checkpoint.safetensors", await session.trainer!.checkpoint()),
  );
  click("own-policy", async () => {
    foreign = false;
    showPolicy(await session.trainer!.policy(), "The run's policy");
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
  onFiles(element("open"), element<HTMLInputElement>("file"), (file) =>
    attempt(() => openFile(file)),
  );
  addEventListener("hashchange", begin);
}

function begin(): void {
  let trouble = "";
  try {
    const address = readAddress(location.hash);
    choice = { ...address, changes: { ...fallback, ...address.changes } };
  } catch (error) {
    trouble = error instanceof Error ? error.message : String(error);
  }
  attempt(async () => {
    await session.reset(choice);
    notice(trouble);
  });
}

listen();
begin();
element("no-wasm").hidden = supportsWasm();
requestAnimationFrame(frame);
