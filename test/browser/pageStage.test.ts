// The first seconds of the demo page, and its stage: pushes, the user's own game, reduced motion.
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath, openPage } from "./chromium.ts";
import { builtPage, DemoPage, endless, finish, numberIn, numberOf, textOf } from "./demoPage.ts";

describe.skipIf(chromiumPath === null)("the page's stage", () => {
  const demo = new DemoPage();
  const moving = { reducedMotion: "no-preference" } as const;

  const caption = async (page: Page) => (await page.textContent(".caption")) ?? "";

  it("learns and moves by itself, slowly, and skips to the end", async () => {
    const page = await demo.open("", moving);
    expect(await page.textContent("h1")).toBe("Watch a neural network learn to balance a pole");
    await numberOf(page, "#steps").toBeGreaterThan(20);
    await textOf(page, ".caption").toMatch(/^Training episode \d+, exploring \d+% step \d+/);
    // At 550 steps per second, 8,000 steps take 15 s.
    expect(await page.textContent(".speed output")).toBe("550 steps/s");
    expect(await page.textContent("#skip")).toMatch(/^Skip to the end \(0\.\d\d s\)$/);
    await finish(page);
    expect(await page.textContent("#about")).toMatch(/^Solved after 8,000 steps/);
    expect(await page.textContent("#live")).toMatch(/^Solved after/);
    await textOf(page, ".caption").toMatch(/^The network plays attempt 1, step \d+/);
    await page.close();
  });

  it("holds each fall of a training episode, with the best one as a ghost", async () => {
    const page = await demo.open("", moving);
    await textOf(page, ".caption").toMatch(
      /^Training episode \d+ Fell after \d+ steps.*best so far \d+/,
    );
    await textOf(page, ".caption").toMatch(/^Training episode \d+, exploring \d+% step/);
    await page.close();
  });

  it("shows the network if it trains too fast to be followed, if the user pushes, and with a pause", async () => {
    const page = await demo.open(endless, moving);
    await textOf(page, ".caption").toMatch(/^Training episode/);
    await page.press("#scene", "ArrowLeft");
    await textOf(page, ".caption").toMatch(/^The network plays/);
    await textOf(page, ".caption").toMatch(/^Training episode/);
    await page.fill("#pace", "8");
    await textOf(page, ".caption").toMatch(/^The network plays/);
    await page.fill("#pace", "0");
    await textOf(page, ".caption").toMatch(/^Training episode/);
    await page.click("#train");
    await page.click("#still");
    await textOf(page, ".caption").toMatch(/^The network plays/);
    await page.close();
  });

  it("counts the attempts of the network", async () => {
    const page = await demo.open("#totalSteps=500&solvedBy=none");
    await finish(page);
    await textOf(page, ".caption").toMatch(/^The network plays Fell after \d+ steps/);
    await textOf(page, ".caption").toMatch(/^The network plays attempt 2, .*best so far \d+/);
    await page.close();
  });

  it("starts nothing by itself with reduced motion", async () => {
    const page = await demo.open();
    await textOf(page, ".caption").toBe("The network plays attempt 1, step 0");
    await page.waitForTimeout(500);
    expect(await numberIn(page, "#steps")).toBe(0);
    expect(await caption(page)).toBe("The network plays attempt 1, step 0");
    expect(await page.textContent("#train")).toBe("Play");
    await page.click("#train");
    await numberOf(page, "#steps").toBeGreaterThan(0);
    await textOf(page, ".caption").not.toBe("The network plays attempt 1, step 0");
    await page.close();
  });

  it("plays at full frame rate with reduced motion", async () => {
    const page = await demo.open();
    await page.click("#yourself");
    await page.selectOption("#picture-speed", "0.25");
    const before = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>("#picture")!;
      return new Promise<number>((resolve) => {
        const shown = new Set<string>();
        canvas.focus();
        document
          .querySelector("#scene")!
          .dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
        let frames = 0;
        const look = () => {
          shown.add(canvas.toDataURL());
          if (++frames < 30) requestAnimationFrame(look);
          else resolve(shown.size);
        };
        requestAnimationFrame(look);
      });
    });
    // Thirty frames at 12.5 steps per second, with pictures in between: more than the one a second would show.
    expect(before).toBeGreaterThan(8);
    await page.close();
  });

  it("lets the user play every action, also the middle one", async () => {
    const page = await demo.open("#env=MountainCar-v0");
    await page.click("#yourself");
    await textOf(page, ".caption").toMatch(/^Your turn\. Press a key to begin: .*↓/);
    await page.keyboard.press("ArrowDown");
    await textOf(page, ".caption").toMatch(/^You: -\d+/);
    await page.selectOption("#picture-speed", "Infinity");
    // Without a force, the car stays in the valley for all 200 steps.
    await textOf(page, "#scores").toMatch(/^you: -200, your best: -200/);
    await page.close();
  });

  it("keeps the best score of the user", async () => {
    const page = await demo.open();
    const score = async () =>
      /you: (\d+), your best: (\d+)/.exec((await page.textContent("#scores"))!);
    await page.click("#yourself");
    await page.selectOption("#picture-speed", "Infinity");
    await page.keyboard.down("ArrowRight");
    await expect.poll(async () => (await score())?.[1]).toMatch(/^\d+$/);
    await page.keyboard.up("ArrowRight");
    const [, last, best] = (await score())!;
    // With constant pushes in one direction, the pole falls within 8 to 11 steps.
    expect(Number(last)).toBeLessThan(15);
    await page.reload();
    await textOf(page, "#scores").toMatch(new RegExp(`your best: ${best}`));
    await page.close();
  });

  it("waits for moves in a game of moves, and answers in Connect Four", async () => {
    const page = await demo.open("#env=ConnectFour");
    await page.click("#yourself");
    await page.keyboard.press("4");
    await textOf(page, ".caption").toBe("The network moves.");
    await textOf(page, ".caption").toBe("Your move: you are orange.");
    await page.keyboard.press("4");
    await textOf(page, ".caption").toBe("The network moves.");
    await page.close();
  });

  it("drops a disc into the column that is clicked", async () => {
    const page = await demo.open("#env=ConnectFour", { viewport: { width: 1280, height: 900 } });
    /** The first and the last pixel of a row that is drawn, or that has the colour of the user's discs. */
    const drawn = (orange: boolean, height: number) =>
      page.evaluate(
        ([only, part]) => {
          const canvas = document.querySelector<HTMLCanvasElement>("#picture")!;
          const { width } = canvas;
          const y = Math.round(canvas.height * part);
          const copy = new OffscreenCanvas(width, 1).getContext("2d", {
            willReadFrequently: true,
          })!;
          copy.drawImage(canvas, 0, -y);
          const { data } = copy.getImageData(0, 0, width, 1);
          const found = Array.from({ length: width }, (_, x) => x).filter((x) =>
            only
              ? data[4 * x]! > 120 && data[4 * x + 2]! < 60 && data[4 * x + 3] === 255
              : data[4 * x + 3]! > 0,
          );
          return { from: found[0] ?? -1, to: found.at(-1) ?? -1 };
        },
        [orange, height] as const,
      );
    for (const column of [1, 7]) {
      await page.click("#yourself");
      await textOf(page, ".caption").toMatch(/^Your turn/);
      await expect.poll(async () => (await drawn(false, 0.5)).to).toBeGreaterThan(0);
      const { from, to } = await drawn(false, 0.5);
      const middle = from + ((column - 0.5) * (to - from)) / 7;
      await page.click("#picture", { position: { x: middle, y: 150 } });
      await textOf(page, ".caption").toBe("The network moves.");
      // The lowest row of cells.
      await expect
        .poll(async () => {
          const disc = await drawn(true, 0.8);
          return disc.to - disc.from > 10 && Math.abs((disc.from + disc.to) / 2 - middle) < 3;
        })
        .toBe(true);
      await page.click("#yourself");
    }
    await page.close();
  });

  it("compares with the test score of the network as it learns", async () => {
    const page = await demo.open();
    await page.click("#yourself");
    await textOf(page, "#scores").toBe("Your score appears at the end.");
    await page.selectOption("#picture-speed", "Infinity");
    await page.keyboard.down("ArrowRight");
    await textOf(page, "#scores").toMatch(/^you: \d+, your best: \d+/);
    await page.keyboard.up("ArrowRight");
    await finish(page);
    await textOf(page, "#scores").toMatch(
      new RegExp(`, network: ${await page.textContent("#test")}$`),
    );
    await page.close();
  });

  it("keeps its size when the user's game begins and when a run can be restored", async () => {
    const page = await demo.open("", { viewport: { width: 1280, height: 900 } });
    const places = async () => {
      const selectors = ["section.stage", "#scene", "#reset", "#yourself"];
      const boxes = await Promise.all(
        selectors.map((selector) => page.locator(selector).boundingBox()),
      );
      return boxes.flatMap((box) => [box!.y, box!.height]);
    };
    const unchanged = async () => {
      for (const [k, place] of (await places()).entries()) {
        expect(Math.abs(place - before[k]!)).toBeLessThan(1);
      }
    };
    const before = await places();
    await page.click("#yourself");
    await textOf(page, ".caption").toMatch(/^Your turn/);
    await unchanged();
    await page.click("#yourself");
    expect(await page.isDisabled("#undo")).toBe(true);
    await page.click("#train");
    await numberOf(page, "#steps").toBeGreaterThan(0);
    await page.click("#train");
    await page.click("#reset");
    await expect.poll(() => page.isDisabled("#undo")).toBe(false);
    await unchanged();
    await page.close();
  });

  it.each([
    ["MountainCar", "car"],
    ["Acrobot", "arm"],
  ])("says that %s can be pushed", async (name, part) => {
    const page = await demo.open();
    await page.click(`nav >> text=${name}`);
    await textOf(page, "#pushes").toContain(`press beside the ${part}`);
    await page.close();
  });

  it("scales a push by the time that the key is held, and shows what the policy survives", async () => {
    const page = await demo.open();
    await finish(page);
    await page.focus("#scene");
    const push = async (key: string, milliseconds: number) => {
      await page.keyboard.down(key);
      await page.waitForTimeout(milliseconds);
      await page.keyboard.up(key);
    };
    for (const key of ["ArrowLeft", "ArrowRight"]) {
      await push(key, 20);
      await expect.poll(() => page.locator(".bar .open").count()).toBe(0);
    }
    expect(await page.locator(".bar .stood").count()).toBe(2);
    expect(await page.textContent("#pushes")).toMatch(
      /^Strongest push that it survived: 0\.\d m\/s/,
    );
    await push("ArrowLeft", 1600);
    await textOf(page, "#pushes").toMatch(/Weakest push that made it fall: 2\.5 m\/s/);
    await page.close();
  });

  it("can be used by keyboard alone", async () => {
    const page = await demo.open();
    const focused = () => page.evaluate(() => document.activeElement?.id ?? "");
    const reach = async (id: string) => {
      for (let k = 0; k < 60 && (await focused()) !== id; k++) await page.keyboard.press("Tab");
      expect(await focused()).toBe(id);
    };
    await reach("scene");
    await reach("train");
    await reach("skip");
    await page.keyboard.press("Enter");
    await textOf(page, "#about").toMatch(/^Solved after/);
    await reach("yourself");
    await page.keyboard.press("Space");
    expect(await focused()).toBe("scene");
    expect(await page.getAttribute("#yourself", "aria-pressed")).toBe("true");
    await page.close();
  });

  it("spends nothing on parts that are scrolled out of view", async () => {
    const page = await demo.open("", { ...moving, viewport: { width: 900, height: 400 } });
    await textOf(page, ".caption").toMatch(/Training/);
    await page.evaluate(() => document.querySelector("#essay")!.scrollIntoView());
    await page.waitForTimeout(400);
    const picture = () =>
      page.evaluate(() => document.querySelector<HTMLCanvasElement>("#picture")!.toDataURL());
    const before = await picture();
    const steps = await numberIn(page, "#steps");
    await page.waitForTimeout(400);
    expect(await picture()).toBe(before);
    expect(await numberIn(page, "#steps")).toBeGreaterThan(steps);
    await page.close();
  });

  it("says what to do when it was opened as a file", async () => {
    const page = await openPage(demo.browser);
    await page.goto(`file://${builtPage}/index.html`);
    await expect.poll(() => page.isVisible("#not-running")).toBe(true);
    expect(await page.textContent("#not-running")).toContain("npm run demo");
    await page.close();
  });
});
