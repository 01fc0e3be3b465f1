import { signal } from "@preact/signals";
import type { Picture, Scene } from "../../scenes/scene.ts";
import { viewOf } from "../../scenes/views.ts";
import type { Tab } from "../tabs.ts";
import { OwnScores } from "./ownScores.ts";
import type { Player } from "./player.ts";
import { PushMeter } from "./pushMeter.ts";
import { areSame, noFacts, type StageFacts } from "./stageFacts.ts";
import { TrainingEpisodes } from "./trainingEpisodes.ts";

/** Milliseconds for which the end of an episode stays visible, at speed 1. */
const HOLD = 700;
/** Milliseconds per frame for environment steps at unlimited speed. */
const FRAME_BUDGET = 4;
/** Steps of an attempt that are kept for the ghost. */
const MOST_KEPT = 1000;
/** Milliseconds until the network answers a move. */
const ANSWER = 450;
/** Steps of training per step of the picture, up to which the snapshots are close enough to show training episodes. */
const FASTEST_TRAINING = 15;

/** An attempt that the ghost repeats. */
interface Attempt {
  readonly total: number;
  readonly track: readonly Float64Array[];
}

/** Plays episodes on the stage: training episodes, the network's attempts, or the user's own game. */
export class Stage {
  readonly mode = signal<"watch" | "play">("watch");
  /** Speed relative to real time; Infinity for unlimited. */
  readonly speed = signal(1);
  readonly moving = signal(false);
  readonly facts = signal(noFacts);
  /** Whether the user's game waits for the first key. */
  readonly waiting = signal(false);
  readonly own = new OwnScores();
  readonly meter = new PushMeter();
  readonly training = new TrainingEpisodes();
  /** Environment steps per second of a run that trains, if its training episodes may be shown; else Infinity. */
  trainingSpeed = Infinity;
  #follows = false;
  /** Whether the user has pushed the network since its attempt began: then it ends the attempt. */
  #pushed = false;
  readonly #player = signal<Player | null>(null);
  /** Pictures for each observation; null for games. */
  scene: Scene | null = null;
  /** The game's state: a text or a picture. */
  board: string | Picture = "";
  /** Fraction of a step that is due but not taken yet. */
  due = 0;
  #tab: Tab | null = null;
  #best: Attempt | null = null;
  #track: Float64Array[] = [];
  #attempt = 1;
  #hold = 0;
  /** Action of the key or pointer that the user holds. */
  #held: number | null = null;
  /** Action of the latest key in a game of cells. It is taken once, even if the key is released before the next step. */
  #tapped: number | null = null;

  /** Shows another policy. @param fresh whether it is another run, whose attempts are counted from 1 */
  show(player: Player, tab: Tab, fresh: boolean): void {
    const sameTab = tab === this.#tab;
    this.#player.value = player;
    this.#tab = tab;
    this.scene = viewOf(tab.env)?.scene(player.policy.description.options) ?? null;
    this.meter.clear();
    this.#follows = false;
    this.#pushed = false;
    if (fresh) {
      this.training.clear();
      this.#best = null;
      this.#attempt = 1;
    }
    if (!sameTab) this.leaveGame();
    if (!sameTab) this.own.recall(tab.env);
    this.#begin();
  }

  get player(): Player | null {
    return this.#player.value;
  }

  /** Observation of the ghost at this step; null after its end. */
  get ghost(): Float64Array | null {
    if (this.mode.value === "play" || this.meter.direction !== 0) return null;
    if (!this.#follows) return this.#best?.track[this.player!.steps] ?? null;
    const pose = new Float64Array(this.player!.after.length);
    return this.training.writeGhost(pose) ? pose : null;
  }

  /** Observation in the picture, between two steps. With stacked frames, only the last frame. */
  get pose(): Float64Array {
    const { after, before } = this.player!;
    const pose = after.slice();
    if (this.#follows) this.training.writePose(pose);
    else {
      const fraction = Math.min(1, Math.max(0, this.due));
      for (const [k, value] of before.entries()) pose[k] = value + (after[k]! - value) * fraction;
    }
    return pose;
  }

  /** Runs the network for the state on the stage. */
  consider(): void {
    const player = this.player!;
    const observation = this.#follows ? this.training.observation : null;
    if (player.ending === null || observation !== null) player.greedyAction(observation);
  }

  /** Actions of the user's game by the names of their keys. */
  get keys(): Tab["keys"] {
    const { keys = {}, minimalKeys = keys } = this.#tab ?? {};
    return this.player?.policy.spec.id.endsWith("-v1") ? minimalKeys : keys;
  }

  /** Whether the numbers on the board are tiles. */
  get tiles(): boolean {
    return this.#tab?.tiles === true;
  }

  /** Seconds of a step at speed 1. */
  get secondsPerStep(): number {
    return this.scene?.secondsPerStep ?? this.#tab?.secondsPerStep ?? 0.1;
  }

  /** Begins the user's game. */
  play(): void {
    this.#follows = false;
    this.mode.value = "play";
    this.speed.value =
      typeof this.#tab?.idle === "number" || this.#tab?.idle === "alternate" ? 0.5 : 1;
    this.moving.value = true;
    this.player?.restart();
    this.#begin();
  }

  leaveGame(): void {
    this.#follows = false;
    this.mode.value = "watch";
    this.waiting.value = false;
    this.speed.value = 1;
    this.#held = null;
    this.#tapped = null;
    this.player?.restart();
    this.#begin();
  }

  /** Prepares the drawing of an episode that has just begun. */
  #begin(): void {
    this.due = 0;
    this.#hold = 0;
    this.#track = [];
    this.waiting.value = this.mode.value === "play";
    this.#look();
    this.report();
  }

  #look(): void {
    const { player } = this;
    if (player === null) return;
    if (this.scene === null) this.board = player.board;
    else if (this.#track.length < MOST_KEPT) this.#track.push(player.after.slice());
  }

  /** Updates the facts. Called a few times a second. */
  report(): void {
    const { player } = this;
    if (player === null) return;
    const { ending, steps, total } = player;
    const best = this.#best?.total ?? null;
    const attempt = this.#attempt;
    const facts = this.#follows
      ? this.#trainingFacts(player)
      : { attempt, exploring: null, steps, total, ending, best };
    if (!areSame(this.facts.value, facts)) this.facts.value = facts;
  }

  #trainingFacts({ options, policy }: Player): StageFacts {
    const { best, facts } = this.training;
    const { ended, episode, epsilon, steps } = facts;
    const limit = options.maxEpisodeSteps ?? policy.spec.maxEpisodeSteps;
    const ending = ended && { ...ended, terminated: ended.steps !== limit };
    return { attempt: episode, exploring: epsilon, steps, total: 0, ending, best };
  }

  /** Shows the run's training episodes while it trains slowly enough, else what the network does. */
  #choose(): void {
    const close = this.trainingSpeed * this.secondsPerStep <= FASTEST_TRAINING;
    const watches = this.mode.value === "watch" && this.scene !== null;
    const follows = watches && close && !this.#pushed && !this.training.empty;
    if (follows === this.#follows) return;
    this.#follows = follows;
    if (follows) this.training.next();
    else {
      this.player?.restart();
      this.#begin();
    }
  }

  /** Moves the episode on by `milliseconds` of real time. */
  advance(milliseconds: number): void {
    const { player } = this;
    if (player === null || !this.moving.value) return;
    const speed = this.speed.value;
    this.meter.hold(milliseconds);
    this.#choose();
    if (this.#follows) {
      this.training.advance(milliseconds, speed, this.secondsPerStep);
      return;
    }
    if (player.ending !== null) {
      this.#hold -= milliseconds * Math.min(speed, 8);
      if (this.#hold <= 0) this.#next(player);
      return;
    }
    if (this.waiting.value) return;
    if (this.mode.value === "play" && this.#tab?.idle === "wait") {
      this.#answer(player, milliseconds);
      return;
    }
    if (speed === Number.POSITIVE_INFINITY) {
      const end = performance.now() + FRAME_BUDGET;
      while (performance.now() < end && player.ending === null) this.#step(player);
      this.due = 1;
      return;
    }
    this.due += (milliseconds * speed) / 1000 / this.secondsPerStep;
    for (; this.due >= 1 && player.ending === null; this.due--) this.#step(player);
  }

  /** In a two-player game, the network answers the user's move after a moment. */
  #answer(player: Player, milliseconds: number): void {
    if (player.policy.spec.players !== 2 || player.steps % 2 === 0) return;
    this.due += milliseconds / ANSWER;
    if (this.due >= 1) this.#step(player);
  }

  #step(player: Player): void {
    if (
      this.mode.value === "play" &&
      !(player.policy.spec.players === 2 && player.steps % 2 === 1)
    ) {
      player.step(this.#ownAction(player));
    } else player.step();
    this.#look();
    if (player.steps === 1) this.report();
    const { ending } = player;
    this.meter.step(ending?.terminated === true);
    if (ending === null) return;
    if (!ending.terminated) this.meter.endEpisode();
    this.due = 1;
    this.#hold = HOLD * (this.mode.value === "play" ? 2 : 1);
    if (this.mode.value === "play") this.#score(player);
    this.report();
  }

  #ownAction(player: Player): number {
    const { idle } = this.#tab!;
    const chosen = this.#held ?? this.#tapped;
    this.#tapped = null;
    if (chosen !== null) return chosen;
    if (typeof idle === "number") return idle;
    return player.steps % 2 === 0 ? 0 : player.policy.spec.actionCount - 1;
  }

  #score(player: Player): void {
    const { total } = player;
    // In a two-player game, the total is that of the player who moved last. The user begins.
    const score = player.policy.spec.players === 2 && player.steps % 2 === 0 ? -total : total;
    this.own.record(score);
  }

  /** Ends the attempt and begins the next one. */
  #next(player: Player): void {
    if (this.mode.value === "watch") {
      const { total } = player;
      if (this.#best === null || total > this.#best.total)
        this.#best = { total, track: this.#track };
      this.#attempt++;
      if (this.meter.direction === 0) this.#pushed = false;
    }
    player.restart();
    this.#begin();
  }

  /** Handles a key that is pressed or released. Returns whether it has a meaning. */
  key(name: string, down: boolean): boolean {
    if (this.mode.value === "play") {
      const action = this.keys[name];
      if (action === undefined) return false;
      this.act(action, down);
      return true;
    }
    if (this.scene === null || (name !== "ArrowLeft" && name !== "ArrowRight")) return false;
    if (down) this.preparePush(name === "ArrowLeft" ? -1 : 1);
    else this.push();
    return true;
  }

  /** In the user's game, takes an action, or holds it until `down` is false. */
  act(action: number, down: boolean): void {
    const { player } = this;
    if (player === null || this.mode.value !== "play") return;
    if (!down) {
      if (this.#held === action) this.#held = null;
      return;
    }
    this.waiting.value = false;
    if (this.#tab?.idle !== "wait") {
      if (this.scene === null) this.#tapped = action;
      if (this.scene !== null || this.#tab?.holdKeys) this.#held = action;
      return;
    }
    const othersTurn = player.policy.spec.players === 2 && player.steps % 2 === 1;
    if (player.ending !== null || othersTurn || !player.allows(action)) return;
    this.#tapped = action;
    this.#step(player);
    if (player.ending === null) this.due = 0;
  }

  preparePush(direction: -1 | 1): void {
    this.moving.value = true;
    this.#pushed = true;
    this.meter.begin(direction);
  }

  /** Pushes with the strength that has grown since `preparePush`. */
  push(): void {
    const strength = this.meter.release();
    if (strength !== 0 && this.player?.ending === null) this.player.push(strength);
  }

  /** Ends everything that a key or a pointer holds, without an effect. */
  letGo(): void {
    this.#held = null;
    this.#tapped = null;
    this.meter.direction = 0;
    this.meter.charge.value = 0;
  }
}
