// The guided experiments of the demo page.
import { expect, it } from "vitest";
import { experiments } from "../../src/web/views/experiments.ts";
import { experimentTexts } from "../../src/web/views/experimentTexts.ts";

it("has a text for each experiment", () => {
  expect(Object.keys(experimentTexts)).toEqual(experiments.map(({ id }) => id));
});
