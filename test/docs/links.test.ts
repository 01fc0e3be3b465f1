import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { pages, root, textOf } from "./markdown.ts";

/** GitHub's anchor of a heading. */
function anchorOf(heading: string): string {
  const plain = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "");
  return plain.trim().replace(/\s/g, "-");
}

function anchors(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

describe.each(pages)("%s", (page) => {
  const text = textOf(page).replace(/^```.*?^```$/gms, "");
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)]
    .map(([, markdown, html]) => markdown ?? html ?? "")
    .filter((target) => !/^[a-z]+:/.test(target));

  it("links to files and headings that exist", () => {
    const broken = links.filter((target) => {
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? page : join(dirname(page), path);
      if (!existsSync(join(root, file))) return true;
      return anchor !== undefined && !anchors(file).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it("names files that exist", () => {
    const names = [...text.matchAll(/`((?:src|test|assembly|docs|\.github|\.ci)\/[\w./-]+)`/g)];
    const missing = names
      .map(([, name = ""]) => name)
      .filter((name) => !existsSync(join(root, name)));
    expect(missing).toEqual([]);
  });

  it("names npm scripts that exist", async () => {
    const { default: file } = await import("../../package.json", { with: { type: "json" } });
    const names = [...textOf(page).matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
    expect(names.filter((name) => !Object.hasOwn(file.scripts, name))).toEqual([]);
  });
});
