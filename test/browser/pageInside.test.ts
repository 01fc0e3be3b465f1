// The pictures of the network and of its landscape on the demo page.
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath } from "./chromium.ts";
import { DemoPage, finish, textOf } from "./demoPage.ts";

describe.skipIf(chromiumPath === null)("inside the network", () => {
  const demo = new DemoPage();

  /** Moves the mouse over the network from left to right until it is on a hidden unit. */
  async function findUnit(page: Page): Promise<void> {
    const canvas = page.locator("#network canvas");
    await canvas.scrollIntoViewIfNeeded();
    const { height, width, x, y } = (await canvas.boundingBox())!;
    for (let across = 0.1; across < 0.9; across += 0.02) {
      await page.mouse.move(x + across * width, y + height / 2);
      if ((await page.textContent("#q-values-title"))!.startsWith("Output of")) return;
    }
    throw new Error("There is no hidden unit in the picture.");
  }

  it("shows the landscape of the unit under the mouse, and says what its colours mean", async () => {
    const page = await demo.open();
    await finish(page);
    await page.locator("#q-values").scrollIntoViewIfNeeded();
    await textOf(page, "#legend").toMatch(/Q-values -?\d/);
    await textOf(page, "#readout").toMatch(/^The colour shows the best action/);
    await findUnit(page);
    expect(await page.textContent("#q-values-title")).toMatch(/^Output of unit \d+ in layer 1$/);
    // The outputs of a tanh layer.
    await textOf(page, "#legend").toMatch(/^outputs -?[01][.\d]* to -?[01][.\d]*$/);
    expect(await page.textContent("#readout")).toMatch(/^Blue is positive, orange is negative/);
    await page.mouse.move(0, 0);
    await textOf(page, "#q-values-title").toBe("What it would do, and what it expects");
    await textOf(page, "#legend").toMatch(/Q-values -?\d/);
    await page.close();
  });

  it("reads out the Q-values under the mouse", async () => {
    const page = await demo.open();
    await finish(page);
    const canvas = page.locator("#q-value-canvas");
    await canvas.scrollIntoViewIfNeeded();
    await textOf(page, "#legend").toMatch(/Q-values -?\d/);
    const read = async (across: number) => {
      const { height, width, x, y } = (await canvas.boundingBox())!;
      await page.mouse.move(x + across * width, y + height / 2);
      await textOf(page, "#readout").toMatch(/^pole angle/);
      const found =
        /^pole angle, degrees (\S+), angular velocity, rad\/s \S+: push left (\S+), push right (\S+)$/;
      const [angle = 0, left = 0, right = 0] = found
        .exec((await page.textContent("#readout"))!)!
        .slice(1)
        .map(Number);
      return { angle, right: right - left };
    };
    const one = await read(0.3);
    const other = await read(0.9);
    expect(one.angle).toBeLessThan(0);
    expect(other.angle).toBeGreaterThan(0);
    // A solved policy moves under the falling pole.
    expect(one.right).toBeLessThan(0);
    expect(other.right).toBeGreaterThan(0);
    await page.mouse.move(0, 0);
    await textOf(page, "#readout").toMatch(/^The colour shows the best action/);
    await page.close();
  });
});
