// The animated GIF of the demo page.
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { encodePolicy, train } from "../../src/index.ts";
import { viewOf } from "../../src/scenes/views.ts";
import { gifFrames } from "../plots/gifFrames.ts";
import { chromiumPath } from "./chromium.ts";
import { DemoPage, finish, textOf } from "./demoPage.ts";

async function savedGif(page: Page): Promise<Uint8Array> {
  const [saved] = await Promise.all([page.waitForEvent("download"), page.click("#save-gif")]);
  expect(saved.suggestedFilename()).toBe("episode.gif");
  await textOf(page, "#live").toBe("The GIF is saved.");
  await textOf(page, "#save-gif").toBe("Save GIF");
  return readFileSync(await saved.path());
}

describe.skipIf(chromiumPath === null)("the page's GIF", () => {
  const demo = new DemoPage();

  it("shows an episode of the network, at real speed and in the scene's proportions", async () => {
    const page = await demo.open("#recipe=solve");
    const loaded: string[] = [];
    page.on("request", (request) => loaded.push(request.url()));
    await finish(page);
    expect(loaded.filter((url) => /gif/i.test(url))).toEqual([]);
    const frames = gifFrames(await savedGif(page));
    // The solved policy holds the pole for all 500 steps of 0.02 s. Each second one is a frame, as is the state before the first.
    expect(frames).toHaveLength(251);
    const { bottom, left, right, top } = viewOf("CartPole-v1")!.scene({ targetPosition: null });
    const height = Math.round((480 * (top - bottom)) / (right - left));
    expect(frames[0]).toEqual({ width: 480, height, delay: 4 });
    expect(frames.at(-1)!.delay).toBe(100);
    await page.close();
  });

  it("shows the policy of an opened file", async () => {
    const solved = await train({ seed: 3 });
    const page = await demo.open("#recipe=solve");
    const untrained = gifFrames(await savedGif(page));
    expect(untrained.length).toBeLessThan(100);
    const buffer = Buffer.from(encodePolicy(solved));
    const mimeType = "application/octet-stream";
    await page.setInputFiles("#file", { name: "solved.safetensors", mimeType, buffer });
    await textOf(page, "#whose").toBe("solved.safetensors");
    expect(gifFrames(await savedGif(page))).toHaveLength(251);
    await page.close();
  });

  it.each([
    ["MountainCar-v0", 201, 480, 3],
    ["Game2048", 20, 500, 15],
    ["MinAtar%2FSpaceInvaders-v0", 20, 480, 10],
  ])("shows %s", async (env, least, width, delay) => {
    const page = await demo.open(`#env=${env}`);
    const frames = gifFrames(await savedGif(page));
    expect(frames.length).toBeGreaterThanOrEqual(least);
    expect(frames[0]).toMatchObject({ width, delay });
    await page.close();
  });
});
