import { expect, it } from "vitest";
import { RollingMean } from "../../src/web/rollingMean.ts";

it("averages the last 100 values, or all if there are fewer", () => {
  const mean = new RollingMean();
  expect(mean.add(4)).toBe(4);
  expect(mean.add(8)).toBe(6);
  for (let k = 0; k < 98; k++) mean.add(6);
  expect(mean.add(4)).toBe(6);
  expect(mean.add(108)).toBe(7);
});
