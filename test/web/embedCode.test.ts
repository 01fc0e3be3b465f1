import { expect, it } from "vitest";
import { embedCode } from "../../src/web/embed/embedCode.ts";

it("makes a frame of the run, beside the page and without the page's own address", () => {
  const choice = { recipe: "solve", changes: { seed: 7, gamma: 0.99 } };
  expect(embedCode("https://example.org/dqn/index.html?x=1#recipe=cleanrl", choice)).toBe(
    '<iframe title="A neural network learns to balance a pole" src="https://example.org/dqn/embed.html#recipe=solve&#38;seed=7" sandbox="allow-scripts allow-popups" width="640" height="500" style="border: 0" loading="lazy"></iframe>',
  );
});

it("escapes quotes of the address", () => {
  const code = embedCode("https://example.org/a'b/", { recipe: "solve", changes: {} });
  expect(code.match(/"/g)).toHaveLength(14);
  expect(code).toContain("a&#39;b/embed.html");
});
