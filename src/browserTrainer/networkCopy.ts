import type { Training } from "../dqn/training.ts";
import { yieldToEventLoop } from "../dqn/yieldToEventLoop.ts";
import { refuseUnless } from "../errors.ts";
import { createCore } from "../kernels/core.ts";
import { ActingNetwork } from "../network/actingNetwork.ts";
import { planActing } from "../network/actingPlan.ts";
import { Arena, regionView } from "../network/arena.ts";
import { type HiddenOutput, hiddenOutputs } from "../network/hiddenOutputs.ts";
import type { Floats } from "../typedArrays.ts";

/** A unit of a hidden layer. */
export interface HiddenUnit {
  /** Number of the hidden layer, from 0. */
  readonly layer: number;
  /** Number of the unit in its layer, from 0. */
  readonly index: number;
}

/** Multiply-adds that take about 5 ms, so that a forward pass ends within a slice. */
const FORWARD_BUDGET = { wasm: 6e7, "wasm-fma": 6e7, js: 4e6 };

/** Milliseconds between two yields, besides one forward pass. */
const PIECE_MILLISECONDS = 3;

/** A copy of a training's Q-network, for forward passes that the training need not wait for. */
export class NetworkCopy {
  readonly #training: Training;
  readonly #network: ActingNetwork;
  readonly #weights: Float32Array;
  /** Outputs of the hidden layers, after normalisation and activation. */
  readonly #hidden: readonly HiddenOutput[];
  /** Observations per forward pass. */
  readonly #width: number;
  /** Calls of `qValues` that have not returned. */
  #pending = 0;

  constructor(training: Training) {
    const { config, plan } = training;
    const { parameters } = plan;
    const arena = new Arena();
    const online = arena.f32(parameters.length);
    const most = FORWARD_BUDGET[config.backend] / parameters.length;
    this.#width = [64, 8].find((width) => width <= most) ?? 1;
    const widths = [...new Set([1, this.#width])];
    const acting = planActing(arena, parameters, online.offset, { widths });
    const core = createCore(config.backend, arena.end);
    this.#training = training;
    this.#network = new ActingNetwork(core, acting);
    this.#weights = regionView(core.buffer, online);
    this.#hidden = hiddenOutputs(parameters, acting);
  }

  /** Copies the weights, unless a call of `qValues` uses the present ones. */
  #copyWeights(): void {
    const { core, plan } = this.#training;
    if (this.#pending === 0) this.#weights.set(regionView(core.buffer, plan.state.online));
  }

  /** Returns the outputs of each hidden layer and the Q-values for one observation. */
  activations(observation: Floats): Floats[] {
    this.#copyWeights();
    const { core, qValues } = this.#network;
    const { observationSize } = this.#training.shape;
    refuseUnless(
      observation.length === observationSize,
      "observation",
      `${observationSize} numbers`,
      [...observation],
    );
    this.#network.observation.set(observation);
    this.#network.forward(1);
    const hidden = this.#hidden.map(({ output, size }) =>
      regionView(core.buffer, output).slice(0, size),
    );
    return [...hidden, qValues.slice()];
  }

  /**
   * Returns the Q-values (count, actions) of observations (count, observationSize), or the outputs (count) of a hidden unit. Yields to
   * the event loop every few milliseconds.
   */
  async qValues(observations: Floats, unit?: HiddenUnit): Promise<Floats> {
    const { core, plan } = this.#network;
    const { actionCount, observationSize } = this.#training.shape;
    const count = observations.length / observationSize;
    const whole = Number.isInteger(count);
    refuseUnless(whole, "observations", `a multiple of ${observationSize} numbers`, count);
    const { index = 0, layer = -1 } = unit ?? {};
    const units = unit === undefined ? actionCount : (this.#hidden[layer]?.size ?? 0);
    const fits = Number.isInteger(index) && index >= 0 && index < units;
    refuseUnless(fits, "unit", "the layer and index of a hidden unit", unit);
    const source = unit === undefined ? plan.q : this.#hidden[layer]!.output;
    const outputs = regionView(core.buffer, source);
    const inputs = regionView(core.buffer, plan.observation);
    const rows = unit === undefined ? actionCount : 1;
    const results = new Float32Array(count * rows);
    const width = this.#width;
    this.#copyWeights();
    this.#pending++;
    try {
      let end = performance.now() + PIECE_MILLISECONDS;
      for (let first = 0; first < count; first += width) {
        const columns = Math.min(width, count - first);
        for (let column = 0; column < columns; column++) {
          const start = (first + column) * observationSize;
          for (let k = 0; k < observationSize; k++) {
            inputs[k * width + column] = observations[start + k]!;
          }
        }
        this.#network.forward(width);
        for (let column = 0; column < columns; column++) {
          for (let row = 0; row < rows; row++) {
            results[(first + column) * rows + row] = outputs[(index + row) * width + column]!;
          }
        }
        if (performance.now() < end) continue;
        await yieldToEventLoop();
        end = performance.now() + PIECE_MILLISECONDS;
      }
    } finally {
      this.#pending--;
    }
    return results;
  }
}
