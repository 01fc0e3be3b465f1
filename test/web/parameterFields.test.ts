import { expect, it } from "vitest";
import { groups, helpText, words } from "../../src/web/views/parameterFields.ts";

const keys = groups.flatMap((group) => group.keys);

it("labels hyperparameters in words, each differently", () => {
  expect(words("learningRateSteps")).toBe("learning rate steps");
  expect(words("rmspropCentered")).toBe("centered RMSprop");
  expect(new Set(keys.map(words)).size).toBe(keys.length);
});

it("names other hyperparameters in a help as their labels do", () => {
  expect(helpText("learningRateFinal")).toContain("after learning rate steps,");
  for (const key of keys) expect(helpText(key)).not.toMatch(/\b[a-z]+[A-Z]/);
});
