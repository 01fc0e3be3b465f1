import { describe, expect, it, vi } from "vitest";
import { KeyPlayer } from "../../src/cli/keyPlayer.ts";

const MinAtar = ["nothing", "left", "up", "right", "down", "fire"];
const [UP, DOWN, RIGHT, LEFT] = ["A", "B", "C", "D"].map((letter) => `\u001b[${letter}`);

/** A player, and a function that presses keys. */
function player(names: readonly string[]) {
  let listener: (data: Uint8Array) => void = () => {};
  const modes: boolean[] = [];
  const input = {
    setRawMode: (raw: boolean) => modes.push(raw),
    on: (_event: "data", given: typeof listener) => {
      listener = given;
    },
  };
  const made = new KeyPlayer(names, input);
  const press = (...keys: (string | undefined)[]) =>
    listener(new TextEncoder().encode(keys.join("")));
  return { made, modes, press };
}

/** "waiting" unless the promise settles at once. */
const settled = (choice: Promise<number | null>) =>
  Promise.race([choice, new Promise((resume) => setTimeout(resume, 5, "waiting"))]);

describe("a game with the action nothing", () => {
  it("waits for the first key, and then for none", async () => {
    const { made, modes, press } = player(MinAtar);
    expect(modes).toEqual([true]);
    const first = made.choose(null);
    expect(await settled(first)).toBe("waiting");
    press(RIGHT);
    expect(await settled(first)).toBe(3);
    expect(await settled(made.choose(null))).toBe(0);
  });

  it("takes the last of several keys, in either code of the arrows", async () => {
    const { made, press } = player(MinAtar);
    for (const [keys, action] of [
      [[LEFT, UP], 2],
      [[UP, "x", DOWN], 4],
      [["\u001bOD"], 1],
      [[LEFT, " "], 5],
      [["n"], 0],
      [["R"], 3],
    ] as const) {
      press(...keys);
      expect(await settled(made.choose(null)), keys.join()).toBe(action);
    }
  });

  it("ignores keys without an action and those that are not legal", async () => {
    const { made, press } = player(MinAtar);
    press("7");
    expect(await settled(made.choose(null))).toBe(0);
    press(LEFT);
    expect(await settled(made.choose([0, 0, 1, 1, 1, 1]))).toBe("waiting");
  });
});

describe("other games", () => {
  it("wait for each key", async () => {
    const { made, press } = player(["left", "straight", "right"]);
    press("s");
    expect(await settled(made.choose(null))).toBe(1);
    const next = made.choose(null);
    expect(await settled(next)).toBe("waiting");
    press(LEFT);
    expect(await settled(next)).toBe(0);
  });

  it("do not guess between two names that begin with the same letter", async () => {
    const { made, press } = player(["push", "pull"]);
    press("p");
    expect(await settled(made.choose(null))).toBe("waiting");
  });
});

it.each(["q", "\u0004"])("the key %j ends the game", async (key) => {
  const { made, press } = player(MinAtar);
  const choice = made.choose(null);
  press(key);
  expect(await choice).toBeNull();
});

it("Ctrl-C sends the signal that a terminal in raw mode does not send", () => {
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  player(MinAtar).press("\u0003");
  expect(kill.mock.calls).toEqual([[process.pid, "SIGINT"]]);
  kill.mockRestore();
});

it("says which keys there are", () => {
  expect(player(["nothing", "left", "fire", "straight"]).made.help).toBe(
    "Keys: nothing (no key), left (arrow left), fire (space), straight (s); q ends the game. Press a key to begin.",
  );
});
