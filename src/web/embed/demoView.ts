import type { Snapshot } from "../../browserTrainer/snapshot.ts";
import type { Trainer } from "../../browserTrainer/trainer.ts";
import { reasonOf } from "../../errors.ts";
import { score } from "../../numberText.ts";
import { type Address, environmentOf, writeAddress } from "../state/address.ts";
import { tabOf } from "../tabs.ts";
import { DemoCurve } from "./demoCurve.ts";
import { DemoStage } from "./demoStage.ts";
import { demoStyle, readInks } from "./demoStyle.ts";
import { createDemoTrainer } from "./demoTrainer.ts";

const count = new Intl.NumberFormat("en");

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = "",
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  return made;
}

/** The run of an embedded demo, with its picture, curve and controls. */
export class DemoView {
  readonly #address: Address;
  readonly #env: string;
  readonly #box = make("div", "demo");
  readonly #picture = make("canvas", "stage");
  readonly #graph = make("canvas", "curve");
  readonly #button = make("button");
  readonly #numbers = make("span", "numbers");
  readonly #result = make("p", "result");
  readonly #observer: IntersectionObserver;
  #trainer: Trainer | null = null;
  #stage: DemoStage | null = null;
  #curve: DemoCurve | null = null;
  #wanted: boolean;
  #visible = false;
  #running = false;
  #disposed = false;
  #frame = 0;

  /** @param page address of the full page's folder; "" for no link */
  constructor(root: ShadowRoot, address: Address, page: string) {
    this.#address = address;
    this.#env = environmentOf(address.choice);
    this.#wanted = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    root.adoptedStyleSheets = [demoStyle()];
    root.replaceChildren(this.#box);
    this.#build(page);
    this.#observer = new IntersectionObserver((entries) => {
      this.#visible = entries.at(-1)!.isIntersecting;
      this.#update();
    });
    this.#observer.observe(this.#box);
    void this.#begin();
  }

  #build(page: string): void {
    const { hidden, problems } = this.#address;
    const { name, task } = tabOf(this.#env);
    this.#picture.setAttribute("role", "img");
    this.#picture.setAttribute("aria-label", `${name}: a neural network learns to ${task}`);
    this.#graph.setAttribute("role", "img");
    this.#graph.setAttribute("aria-label", "Learning curve: score over environment steps");
    this.#button.type = "button";
    this.#button.disabled = true;
    this.#button.textContent = "Play";
    this.#button.addEventListener("click", () => this.#press());
    this.#result.setAttribute("role", "status");
    const controls = make("div", "bar");
    controls.append(this.#button, this.#numbers);
    if (page !== "" && !hidden.includes("link")) {
      const link = make("a");
      link.href = `${page}index.html${writeAddress(this.#address.choice)}`;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = "Full page";
      controls.append(link);
    }
    const parts = { stage: this.#picture, curve: this.#graph, controls };
    for (const [part, element] of Object.entries(parts)) {
      element.hidden = hidden.includes(part);
      this.#box.append(element);
    }
    this.#box.append(this.#result);
    for (const problem of problems) this.#report(problem);
  }

  /** Prepares a run of the choice, from its start. */
  async #begin(): Promise<void> {
    try {
      const trainer = await createDemoTrainer(this.#address.choice);
      const { config } = trainer;
      const bytes = await trainer.policy();
      if (this.#disposed) {
        trainer.dispose();
        return;
      }
      const { goal, pace, scores = [0, 1] } = tabOf(this.#env);
      await trainer.setSpeed(pace);
      const threshold = config.solvedBy === "none" ? null : config.solvedThreshold;
      this.#stage = new DemoStage(this.#picture, bytes, this.#env);
      this.#curve = new DemoCurve(this.#graph, goal ?? threshold, scores);
      this.#trainer = trainer;
      trainer.on("snapshot", (snapshot) => this.#show(snapshot));
      this.#button.disabled = false;
      this.#update();
      cancelAnimationFrame(this.#frame);
      this.#draw(performance.now());
    } catch (error) {
      this.#report(reasonOf(error));
    }
  }

  #press(): void {
    if (this.#trainer?.snapshot.finished) {
      this.#trainer.dispose();
      this.#trainer = null;
      this.#result.textContent = "";
      this.#wanted = true;
      void this.#begin();
      return;
    }
    this.#wanted = !this.#wanted;
    this.#update();
  }

  /** Trains if the demo is visible and not paused. */
  #update(): void {
    const trainer = this.#trainer;
    if (trainer === null) return;
    const { finished } = trainer.snapshot;
    this.#button.textContent = finished ? "Train again" : this.#wanted ? "Pause" : "Play";
    const trains = this.#wanted && this.#visible && !finished;
    if (trains && !this.#running) void this.#run(trainer);
    if (!trains && this.#running) void trainer.pause();
  }

  async #run(trainer: Trainer): Promise<void> {
    this.#running = true;
    try {
      const { finished, solved, steps } = await trainer.run();
      if (finished) {
        const sum = await trainer.weightsSha256();
        const verb = solved ? "Solved" : "Finished";
        this.#result.textContent = `${verb} after ${count.format(steps)} steps. SHA-256 of the weights: ${sum.slice(0, 12)}`;
      }
    } catch (error) {
      if (trainer === this.#trainer) this.#report(reasonOf(error));
      return;
    } finally {
      this.#running = false;
    }
    if (trainer === this.#trainer) this.#update();
  }

  #show(snapshot: Snapshot): void {
    const { evalEvery } = this.#trainer!.config;
    this.#stage?.setWeights(snapshot.weights);
    this.#curve?.add(snapshot, evalEvery !== null);
    const { episodes, meanReturn, steps } = snapshot;
    const mean = meanReturn === null ? "" : `, mean score ${score(meanReturn, 1)}`;
    this.#numbers.textContent = `step ${count.format(steps)}, episode ${count.format(episodes)}${mean}`;
  }

  #draw(before: number): void {
    this.#frame = requestAnimationFrame((now) => {
      if (this.#visible) {
        const inks = readInks(this.#box);
        if (this.#wanted) this.#stage?.advance((now - before) / 1000);
        this.#stage?.draw(inks);
        this.#curve?.draw(inks);
      }
      this.#draw(now);
    });
  }

  #report(problem: string): void {
    const line = make("p", "problem");
    line.textContent = problem;
    this.#box.append(line);
  }

  /** Ends the run and releases its memory. */
  dispose(): void {
    this.#disposed = true;
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#trainer?.dispose();
    this.#trainer = null;
  }
}
