import { expect, it } from "vitest";
import { train } from "../../src/dqn/train.ts";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import { encodeCheckpoint } from "../../src/formats/checkpoint.ts";
import { encodePolicy } from "../../src/formats/policy.ts";
import { Snake } from "../../src/games/snake.ts";
import { describeFile } from "../../src/web/state/files.ts";

it("describes files of the page's Snake, and refuses those of a module with a class Snake", async () => {
  const game = customEnvironment("Snake", Snake);
  const short = { recipe: "solve", totalSteps: 20, solvedBy: "none" } as const;
  const own = await train({ ...short, environment: game });
  expect(describeFile(encodePolicy(own), "p")).toMatchObject({ kind: "policy", env: "Snake" });
  const other = await train({ ...short, environment: { ...game, hash: "00ff" } });
  for (const file of [encodePolicy(other), encodeCheckpoint(other)]) {
    expect(() => describeFile(file, "p")).toThrow(
      "p was trained in a module of yours, which this page cannot load.",
    );
  }
});
