import { describe, expect, it } from "vitest";
import { chosenConfig } from "../../src/config/chosenConfig.ts";
import { recipeConfig } from "../../src/config/recipes.ts";
import { Training } from "../../src/dqn/training.ts";

const own = (rewardThreshold: number | null) => ({ id: "Snake", rewardThreshold });

describe("the threshold of a recipe", () => {
  it("stays in a built-in environment", () => {
    expect(chosenConfig("solve")).toMatchObject({ solvedBy: "evaluation", solvedThreshold: 495 });
  });

  it("is the rewardThreshold of another built-in environment", () => {
    const { solvedThreshold } = chosenConfig("general", { env: "MountainCar-v0" });
    expect(solvedThreshold).toBe(-110);
    expect(chosenConfig("general", { env: "Acrobot-v1", solvedThreshold: -90 })).toMatchObject({
      solvedThreshold: -90,
    });
  });

  it("stays in the recipe's own environment, also if it is passed as one", () => {
    const { env } = recipeConfig("mountain-car");
    const config = chosenConfig("mountain-car", {}, { id: env, rewardThreshold: 3 });
    expect(config).toEqual(recipeConfig("mountain-car"));
  });

  it("is the game's rewardThreshold in a game's recipe without criterion", () => {
    const { solvedBy, solvedThreshold } = chosenConfig("snake", {}, own(29));
    expect([solvedBy, solvedThreshold]).toEqual(["none", 29]);
    const asked = chosenConfig("snake", { solvedBy: "evaluation" }, own(29));
    expect(asked).toMatchObject({ solvedBy: "evaluation", solvedThreshold: 29 });
  });

  it.each(["snake", "connect-four", "minatar-pqn"])(
    "%s needs its game in the library",
    (recipe) => {
      const { env } = recipeConfig(recipe);
      expect(() => new Training(chosenConfig(recipe))).toThrow(
        `got "${env}". Pass your own game, or one of wasm-dqn/games, as environment or with --env.`,
      );
    },
  );

  it("is your environment's rewardThreshold", () => {
    expect(chosenConfig("solve", {}, own(30))).toMatchObject({
      env: "Snake",
      solvedBy: "evaluation",
      solvedThreshold: 30,
    });
    expect(chosenConfig("solve", { solvedThreshold: 20 }, own(30)).solvedThreshold).toBe(20);
  });

  it("is no criterion in your own environment without a rewardThreshold", () => {
    expect(chosenConfig("solve", {}, own(null)).solvedBy).toBe("none");
    expect(chosenConfig("solve", { solvedThreshold: 20 }, own(null))).toMatchObject({
      solvedBy: "evaluation",
      solvedThreshold: 20,
    });
    expect(() => chosenConfig("solve", { solvedBy: "meanReturn" }, own(null))).toThrow(
      "solvedBy needs solvedThreshold: Snake has no rewardThreshold.",
    );
  });

  it("is refused without a criterion, which would ignore it", () => {
    const change = { solvedThreshold: 400 };
    expect(() => chosenConfig("cleanrl", change)).toThrow("solvedThreshold needs solvedBy");
    expect(() => chosenConfig("cleanrl", { ...change, solvedBy: "meanReturn" })).not.toThrow();
    expect(() => chosenConfig("cleanrl", chosenConfig("cleanrl"))).not.toThrow();
  });
});
