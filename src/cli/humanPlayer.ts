import { createReadStream, fstatSync } from "node:fs";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { isatty, ReadStream } from "node:tty";
import type { LegalActions } from "../environments/legalActions.ts";
import { oneLine, shortened } from "../errors.ts";

/** Opens standard input. A command's thread has no standard input. */
function openInput() {
  if (isatty(0)) return new ReadStream(0);
  const found = fstatSync(0);
  return found.isFIFO() || found.isSocket()
    ? new Socket({ fd: 0, readable: true, writable: false })
    : createReadStream("", { fd: 0 });
}

/** Asks a person for actions, one line each, on standard input. */
export class HumanPlayer {
  readonly #names: readonly string[];
  readonly #lines: AsyncIterator<string>;

  /** @param names names of the actions, in order */
  constructor(names: readonly string[]) {
    this.#names = names;
    this.#lines = createInterface({ input: openInput() })[Symbol.asyncIterator]();
  }

  /** Asks until the answer is the name of a legal action or its beginning. Returns null if the input ends. */
  async choose(legal: LegalActions | null): Promise<number | null> {
    const choices = this.#names.filter((_, action) => legal === null || legal[action]).join(", ");
    for (;;) {
      process.stdout.write(`Your move (${choices}): `);
      const { done, value } = await this.#lines.next();
      if (done === true) {
        process.stdout.write("\n");
        return null;
      }
      const asked = value.trim().toLowerCase();
      const action = this.#find(asked);
      if (action !== null && (legal === null || legal[action])) return action;
      console.log(
        `"${shortened(oneLine(value.trim()))}" is not a legal action: choose one of ${choices}.`,
      );
    }
  }

  /** The action with this name, or else the only one whose name begins with it; null without one. */
  #find(asked: string): number | null {
    const names = this.#names.map((name) => name.toLowerCase());
    const whole = names.indexOf(asked);
    if (whole !== -1) return whole;
    const [first, ...others] = [...names.keys()].filter((k) => names[k]!.startsWith(asked));
    return first !== undefined && others.length === 0 ? first : null;
  }
}
