// The texts of the demo page follow its environment and its algorithm.
import { describe, expect, it } from "vitest";
import { dqnCode, pqnCode } from "../../src/web/views/updateCode.ts";
import { chromiumPath } from "./chromium.ts";
import { DemoPage, textOf } from "./demoPage.ts";

describe.skipIf(chromiumPath === null)("the page's texts", () => {
  const demo = new DemoPage();

  it.each([
    ["DQN", "CartPole-v1", dqnCode, "replay buffer"],
    ["PQN", "MinAtar%2FAsterix-v0", pqnCode, "128 copies"],
  ])("explain %s by its own code", async (_, env, code, words) => {
    const page = await demo.open(`#env=${env}`);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await textOf(page, "#essay pre").toBe(code);
    expect(await page.textContent("#essay")).toContain(words);
    await page.close();
  });

  it("offer what PQN has instead of a batch size, and what two players need", async () => {
    const page = await demo.open("#recipe=connect-four&env=ConnectFour");
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await textOf(page, "#essay").toContain("the opponent's");
    expect(await page.inputValue("#main-field-numEnvs")).toBe("128");
    expect(await page.locator("#main-field-batchSize").count()).toBe(0);
    expect(await page.locator("#experiments").count()).toBe(0);
    await page.close();
  });
});
