import { batch, computed, effect, signal } from "@preact/signals";
import type { Snapshot } from "../../browserTrainer/snapshot.ts";
import type { Config } from "../../config/config.ts";
import { parsePartial } from "../../config/config.ts";
import type { LiveChanges } from "../../config/liveChanges.ts";
import { recipes } from "../../config/recipes.ts";
import { reasonOf } from "../../errors.ts";
import { supportsWasm } from "../../kernels/core.ts";
import type { DrawnUnit } from "../drawing/networkPicture.ts";
import { Player } from "../stage/player.ts";
import { Stage } from "../stage/stage.ts";
import { findTab, tabOf, tabs } from "../tabs.ts";
import {
  type Address,
  type Choice,
  environmentOf,
  firstChoice,
  readAddress,
  writeAddress,
} from "./address.ts";
import { describeFile, saveAs } from "./files.ts";
import { loadCode, loadedGame } from "./loadedCode.ts";
import { currentChoice, type Run, Session } from "./session.ts";

export const session = new Session();
export const stage = new Stage();
/** The choice of the address, which becomes the run once its worker is ready. */
const asked = signal<Choice>(firstChoice(tabs[0].env));
/** Choice and tab of the run, or of the one that is being prepared at the start. */
export const choice = computed(() => session.run.value?.choice ?? asked.value);
export const tab = computed(() => tabOf(environmentOf(choice.value)));
/** The latest snapshot that the page has shown. */
export const shown = signal<Snapshot | null>(null);
/** An error or a warning, or "". */
export const notice = signal("");
/** A sentence for screen readers. */
export const announcement = signal("");
/** Parts of the page that the address leaves out. */
export const hidden = signal<readonly string[]>([]);
/** Id of the guided experiment, or "". */
export const experiment = signal("");
/** Name of the file whose policy is on the stage; "" if it is the run's own. */
export const foreign = signal("");
/** Contents of that file. */
export let foreignPolicy = new Uint8Array();
/** Step of the run whose policy the stage replays; null for the current policy. */
export const replayed = signal<number | null>(null);
/** Hidden unit whose landscape is shown; null for the Q-values. */
export const chosenUnit = signal<DrawnUnit | null>(null);
/** Whether the user wants as little motion as possible: then nothing starts by itself. */
export const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Changes of every run if the browser has no WebAssembly SIMD. */
export const fallback: Partial<Config> = supportsWasm() ? {} : { backend: "js" };

/** Whether a new snapshot has arrived since the last one that was shown. */
let news: Snapshot | null = null;

/** Performs a user's action. An error becomes a sentence on the page. */
export function attempt(work: () => Promise<unknown> | unknown): void {
  Promise.resolve()
    .then(work)
    .catch((error: unknown) => {
      notice.value = reasonOf(error);
    });
}

/** Run whose policy is on the stage. */
let staged: Run | null = null;

session.onSnapshot = (run, snapshot) => {
  news = snapshot;
  if (run === staged) stage.training.take(snapshot);
  const { player } = stage;
  if (player === null || foreign.value !== "" || replayed.value !== null) return;
  const { weights } = player.policy;
  if (weights.length === snapshot.weights.length) weights.set(snapshot.weights);
};

/** Shows the latest snapshot. Called a few times a second. */
export function showNews(): void {
  stage.report();
  if (news === null) return;
  shown.value = news;
  news = null;
}

/** Link to a run on this page, with the parts that it leaves out. */
export function linkTo(target: Choice, id = ""): string {
  return writeAddress(target, { experiment: id, hidden: hidden.value });
}

function addressOf(target: Choice): string {
  return linkTo(target, experiment.value);
}

/** Makes a choice the page's run, adds it to the browser's history, and trains if training is wanted. */
export async function go(next: Choice, id = ""): Promise<void> {
  const before = experiment.value;
  experiment.value = id;
  notice.value = "";
  try {
    if (await session.choose(next)) history.pushState(null, "", addressOf(next));
  } catch (error) {
    experiment.value = before;
    throw error;
  }
}

/** Makes the run of the address the page's run. If that fails, keeps the current one. */
export async function follow(): Promise<void> {
  const address: Address = readAddress(location.hash);
  const wanted = {
    recipe: address.choice.recipe,
    changes: { ...address.choice.changes, ...fallback },
  };
  batch(() => {
    asked.value = wanted;
    hidden.value = address.hidden;
    experiment.value = address.experiment;
    notice.value =
      address.problems.length === 0
        ? ""
        : `${address.problems.join(" ")} The rest of the address is used.`;
  });
  try {
    const before = session.previous.value;
    if (stage.mode.value === "play") stage.leaveGame();
    if (before !== null && writeAddress(before.choice) === writeAddress(wanted)) session.undo();
    else await session.choose(wanted);
  } catch (error) {
    notice.value = reasonOf(error);
    const { recipe } = wanted;
    if (session.run.value === null) await session.choose({ recipe, changes: fallback });
  }
  const run = session.run.value;
  if (run !== null) history.replaceState(null, "", addressOf(run.choice));
}

/** Restores the run before the current one. */
export function undo(): void {
  experiment.value = "";
  session.undo();
  history.replaceState(null, "", addressOf(session.run.value!.choice));
}

/** Shows the policy of a new run when it begins. */
session.run.subscribe((run) => {
  if (run === null) return;
  staged = null;
  foreign.value = "";
  replayed.value = null;
  shown.value = run.trainer.snapshot;
  news = null;
  showOwnPolicy(run, true);
});

/** The stage shows training episodes of a run with one environment, while it trains. */
effect(() => {
  const own = foreign.value === "" && replayed.value === null;
  const shows =
    own && session.status.value === "running" && session.run.value?.config.value.numEnvs === 1;
  stage.trainingSpeed = shows ? session.stepsPerSecond : Infinity;
});

tab.subscribe(({ task }) => {
  document.title = `wasm-dqn: watch a neural network learn to ${task}`;
});

session.status.subscribe((status) => {
  const run = session.run.peek();
  if (status === "failed") notice.value = session.failure.peek();
  if (status === "finished" && run !== null) announcement.value = describeEnd(run);
});

/** Result of a finished run, as a sentence. */
export function describeEnd({ trainer }: Run): string {
  const { milliseconds, solved, steps } = trainer.snapshot;
  const what = `${steps.toLocaleString("en-US")} steps and ${(milliseconds / 1000).toFixed(2)} s of training`;
  return solved ? `Solved after ${what}.` : `Finished after ${what}.`;
}

/** Shows the run's policy, unless another run has started or a file was opened meanwhile. */
export function showOwnPolicy(run: Run, fresh = false): void {
  run.trainer.policy().then(
    (bytes) => {
      if (run === session.run.value && foreign.value === "" && replayed.value === null) {
        showPolicy(new Player(bytes, "policy", loadedGame(environmentOf(run.choice))), run, fresh);
      }
    },
    (error: Error) => {
      if (run === session.run.value) notice.value = error.message;
    },
  );
}

/** Shows the policy of an earlier moment of the run, or the current one again. */
export async function replay(steps: number | null): Promise<void> {
  const run = session.run.value!;
  foreign.value = "";
  replayed.value = steps;
  if (steps === null) return showOwnPolicy(run);
  const bytes = await run.trainer.policyAt(steps);
  if (run !== session.run.value || replayed.value !== steps) return;
  showPolicy(new Player(bytes, "policy", loadedGame(environmentOf(run.choice))), run, false);
  stage.moving.value = true;
}

/** Changes hyperparameters while the run trains. The address then describes a run that begins with them. */
export async function changeLive(changes: LiveChanges): Promise<void> {
  await session.change(changes);
  history.replaceState(null, "", addressOf(currentChoice(session.run.value!)));
}

function showPolicy(player: Player, run: Run, fresh: boolean): void {
  stage.show(player, run.tab, fresh);
  staged = run;
}

/** Opens a policy or a checkpoint file. */
export async function openFile(file: File): Promise<void> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { config, env, kind, recipe } = describeFile(bytes, file.name);
  if (kind === "checkpoint") {
    const known = recipes.find(({ name }) => name === recipe);
    const changes = parsePartial(config, file.name);
    session.wanted.value = false;
    const opened = { recipe: known?.name ?? "solve", changes: { ...changes, ...fallback } };
    if (!(await session.open(opened, bytes, fallback))) return;
    history.pushState(null, "", addressOf(opened));
  } else {
    if (findTab(env) === undefined) {
      throw new Error(`${file.name} was trained in "${env}", which this page does not have.`);
    }
    const run = session.run.value!;
    await loadCode(env);
    const player = new Player(bytes, file.name, loadedGame(env));
    if (env !== environmentOf(run.choice)) {
      session.wanted.value = false;
      await go(firstChoice(env));
    }
    foreign.value = file.name;
    foreignPolicy = bytes;
    showPolicy(player, session.run.value!, true);
    stage.moving.value = true;
  }
  notice.value = "";
  announcement.value = `${file.name} is open.`;
}

export function closeFile(): void {
  foreign.value = "";
  showOwnPolicy(session.run.value!, true);
}

/** Copies the page's address, which describes the run. */
export async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
  } catch {
    throw new Error("The browser does not allow this page to copy: copy its address instead.");
  }
  announcement.value = "The link is copied.";
}

export async function savePolicy(): Promise<void> {
  saveAs("policy.safetensors", await session.run.value!.trainer.policy());
}

export async function saveRun(): Promise<void> {
  saveAs("checkpoint.safetensors", await session.run.value!.trainer.checkpoint());
}

/** Runs a race while the page's own run waits, so that it does not disturb the clocks. */
export async function raceAlone(work: () => Promise<void>): Promise<void> {
  const trained = session.status.value === "running" && session.wanted.value;
  if (trained) session.pause();
  try {
    await work();
  } finally {
    if (trained) session.start();
  }
}

/** Starts the same run again, with the changes that were made while it trained. */
export async function restart(): Promise<void> {
  await session.choose(currentChoice(session.run.value!));
}

/** Starts learning and the stage, or stops both. After the end, starts the same run again. */
export async function playOrPause(): Promise<void> {
  const { status } = session;
  if (status.value === "running" || (status.value === "loading" && session.wanted.value)) {
    session.pause();
    stage.moving.value = false;
    return;
  }
  stage.moving.value = true;
  session.wanted.value = true;
  if (status.value === "finished" || status.value === "failed") await restart();
  else session.start();
}
