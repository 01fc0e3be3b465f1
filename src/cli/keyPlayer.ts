import type { LegalActions } from "../environments/legalActions.ts";

/** The part of a terminal that is read. */
export interface KeyInput {
  setRawMode(raw: boolean): unknown;
  on(event: "data", listener: (data: Uint8Array) => void): unknown;
}

/** Beginning of an arrow key. */
const ARROW = "\u001b[";

/** Actions of keys without a letter, by what a terminal sends for them. */
const namedKeys: Readonly<Record<string, string>> = {
  [`${ARROW}A`]: "up",
  [`${ARROW}B`]: "down",
  [`${ARROW}C`]: "right",
  [`${ARROW}D`]: "left",
  " ": "fire",
};

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";

/** Reads the actions of a person from single keys. A game with an action `nothing` waits only for the first key. */
export class KeyPlayer {
  readonly #names: readonly string[];
  readonly #nothing: number;
  /** Action of the last key; -1 without one. */
  #pressed = -1;
  #began = false;
  #ended = false;
  /** Ends the wait for a key. */
  #resume = () => {};

  /** @param names names of the actions, in order */
  constructor(names: readonly string[], input: KeyInput) {
    this.#names = names.map((name) => name.toLowerCase());
    this.#nothing = this.#names.indexOf("nothing");
    input.setRawMode(true);
    input.on("data", (data) => this.#read(new TextDecoder().decode(data)));
  }

  /** Says which keys there are. */
  get help(): string {
    const keys = this.#names.map((name) => {
      if (name === "nothing") return "no key";
      if (name === "fire") return "space";
      return Object.values(namedKeys).includes(name) ? `arrow ${name}` : name[0];
    });
    const list = this.#names.map((name, k) => `${name} (${keys[k]})`).join(", ");
    return `Keys: ${list}; q ends the game. Press a key to begin.`;
  }

  /** Returns the legal action of the last key. Without one, returns `nothing` or waits. Returns null when the person ends the game. */
  async choose(legal: LegalActions | null): Promise<number | null> {
    for (;;) {
      if (this.#ended) return null;
      const action = this.#pressed === -1 && this.#began ? this.#nothing : this.#pressed;
      this.#pressed = -1;
      if (action !== -1 && (legal === null || legal[action])) return action;
      await new Promise<void>((resume) => {
        this.#resume = resume;
      });
    }
  }

  #read(text: string): void {
    // Some terminals send ESC O instead of ESC [ for the arrows. A chunk may have several keys.
    const [plain = "", ...arrows] = text.replaceAll("\u001bO", ARROW).split(ARROW);
    const keys = arrows.flatMap(([key = "", ...others]) => [ARROW + key, ...others]);
    for (const key of [...plain, ...keys]) {
      // A terminal in raw mode sends no signal.
      if (key === CTRL_C) process.kill(process.pid, "SIGINT");
      if (key === CTRL_D || key === "q") this.#ended = true;
      const action = this.#find(key);
      if (action !== -1) this.#pressed = action;
    }
    this.#began = true;
    this.#resume();
  }

  /** The action of a key: the only one whose name begins with the letter; -1 without one. */
  #find(key: string): number {
    const asked = namedKeys[key] ?? key.toLowerCase();
    const [first = -1, ...others] = [...this.#names.keys()].filter((k) =>
      this.#names[k]!.startsWith(asked),
    );
    return others.length === 0 ? first : -1;
  }
}
