import { RandomStream } from "../../src/numerics/random.ts";

/** An environment with random numbers as observations, (rows, columns, channels). Action 1 is right if the first number is above 0.5. */
export class Grids {
  readonly observationSize = 60;
  readonly observationShape: readonly number[] = [5, 4, 3];
  readonly actionCount = 3;
  readonly #words = new Uint32Array(5);
  readonly #random = new RandomStream(this.#words.subarray(0, 4)).seed(5);
  #first = 0;

  reset({ seed }: { readonly seed?: number } = {}): Float32Array {
    if (seed !== undefined) this.#random.seed(seed);
    this.#words[4] = 0;
    return this.#observe();
  }

  step(action: number) {
    const reward = (action === 1) === this.#first > 0.5 ? 1 : 0;
    const terminated = ++this.#words[4]! >= 20;
    return { observation: this.#observe(), reward, terminated, truncated: false };
  }

  getState(): Uint8Array {
    const state = new Float32Array([this.#first]);
    return new Uint8Array([...new Uint8Array(this.#words.buffer), ...new Uint8Array(state.buffer)]);
  }

  setState(state: Uint8Array): void {
    new Uint8Array(this.#words.buffer).set(state.subarray(0, 20));
    this.#first = new Float32Array(state.slice(20).buffer)[0]!;
  }

  #observe(): Float32Array {
    const observation = Float32Array.from({ length: 60 }, () => this.#random.next());
    this.#first = observation[0]!;
    return observation;
  }
}
