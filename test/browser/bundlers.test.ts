import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import esbuild from "esbuild";
import type { Browser } from "playwright-core";
import { build as viteBuild } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import webpack from "webpack";
import { train, weightsSha256 } from "../../src/index.ts";
import { packPackage } from "../packedPackage.ts";
import { chromiumPath, launchChromium, openPage } from "./chromium.ts";
import { serve, strictPolicy } from "./serve.ts";

/** The page's script. It imports the package by name and has a worker file of two lines. */
const page = `import { createTrainer } from "wasm-dqn";
import "wasm-dqn/js-kernels";
async function trained(options) {
  const trainer = await createTrainer({ recipe: "solve", seed: 1, ...options });
  const { solved } = await trainer.run();
  const sha256 = await trainer.weightsSha256();
  trainer.dispose();
  return { solved, sha256 };
}
const own = () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
Object.assign(globalThis, {
  inlined: () => trained(),
  own: () => trained({ worker: own() }),
  streamed: () => trained({ worker: own(), wasm: "/node_modules/wasm-dqn/build/release.wasm" }),
  here: () => trained({ worker: false }),
  js: () => trained({ backend: "js" }),
  ownJs: () => trained({ backend: "js", worker: own() }),
});
`;
const worker = 'import "wasm-dqn/js-kernels";\nimport "wasm-dqn/worker";\n';
/** A page without a charset declaration. */
const html = (script: string) => `<!doctype html><title>A page</title>${script}`;

describe.skipIf(chromiumPath === null)("the packed package", () => {
  let browser: Browser;
  /** A project with the package in its node_modules, but none of the package's dependencies. */
  let project: string;
  let node: { solved: boolean; sha256: string };

  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), "wasm-dqn-embedded-"));
    const { tarball } = packPackage(project);
    const installed = join(project, "node_modules/wasm-dqn");
    mkdirSync(installed, { recursive: true });
    execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed]);
    mkdirSync(join(project, "src"));
    writeFileSync(join(project, "src/index.js"), page);
    writeFileSync(join(project, "src/worker.js"), worker);
    browser = await launchChromium();
    const training = await train({ seed: 1 });
    const sha256 = await weightsSha256(training.weights());
    node = { solved: training.solved === true, sha256 };
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(project, { recursive: true });
  });

  /** Serves a folder, opens its page and trains in each of these ways. Expects Node's bits and no errors. */
  async function trains(folder: string, policy: string, ways: readonly string[]): Promise<void> {
    const { close, url } = await serve(folder, { "content-security-policy": policy });
    const troubles: string[] = [];
    const opened = await openPage(browser);
    opened.on("console", (message) => {
      // Chromium asks for an icon by itself.
      if (!message.location().url.endsWith("/favicon.ico")) troubles.push(message.text());
    });
    opened.on("pageerror", (error) => troubles.push(error.message));
    opened.on("requestfailed", (request) => troubles.push(`${request.url()} failed`));
    opened.on("response", (response) => {
      if (response.status() >= 400) troubles.push(`${response.url()}: ${response.status()}`);
    });
    await opened.goto(url);
    for (const way of ways) expect([way, await opened.evaluate(`${way}()`)]).toEqual([way, node]);
    expect(troubles).toEqual([]);
    await opened.close();
    close();
  }

  /** The strict policy plus blob: workers, which the inlined worker needs. */
  const blobPolicy = `${strictPolicy}; worker-src 'self' blob:`;
  const bundledWays = ["inlined", "own", "here", "js", "ownJs"];

  it("works as an unbundled script module, under a strict CSP with the page's worker file", async () => {
    const folder = join(project, "script");
    const files = "/node_modules/wasm-dqn/build/browser";
    mkdirSync(folder);
    cpSync(join(project, "node_modules"), join(folder, "node_modules"), { recursive: true });
    writeFileSync(
      join(folder, "index.html"),
      html('<script type="module" src="/index.js"></script>'),
    );
    const unbundled = (code: string) =>
      code
        .replace('"wasm-dqn"', `"${files}/index.js"`)
        .replaceAll(/"wasm-dqn\/([\w-]+)"/g, `"${files}/$1.js"`);
    writeFileSync(join(folder, "index.js"), unbundled(page));
    writeFileSync(join(folder, "worker.js"), unbundled(worker));
    await trains(folder, strictPolicy, ["own", "streamed", "here", "ownJs"]);
    await trains(folder, blobPolicy, ["inlined", "js"]);
  });

  it("works in Vite", async () => {
    const script = '<script type="module" src="/src/index.js"></script>';
    writeFileSync(join(project, "index.html"), html(script));
    await viteBuild({ root: project, configFile: false, logLevel: "error" });
    await trains(join(project, "dist"), blobPolicy, bundledWays);
  });

  it("works in webpack", async () => {
    const path = join(project, "webpack");
    const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) => {
      webpack({ mode: "production", context: project, output: { path } }, (error, result) =>
        error === null ? resolve(result) : reject(error),
      );
    });
    expect(stats?.toJson({ all: false, errors: true, warnings: true })).toMatchObject({
      errors: [],
      warnings: [],
    });
    writeFileSync(join(path, "index.html"), html('<script defer src="/main.js"></script>'));
    await trains(path, blobPolicy, bundledWays);
  });

  // For es2020, Vite's default target before version 7, a bundler rewrites classes.
  it.each(["esnext", "es2020"])("works in esbuild with target %s", async (target) => {
    const outdir = join(project, `esbuild-${target}`);
    const { errors, warnings } = await esbuild.build({
      entryPoints: ["index.js", "worker.js"].map((file) => join(project, "src", file)),
      bundle: true,
      minify: true,
      format: "esm",
      logLevel: "silent",
      outdir,
      target,
    });
    expect([errors, warnings]).toEqual([[], []]);
    writeFileSync(
      join(outdir, "index.html"),
      html('<script type="module" src="/index.js"></script>'),
    );
    await trains(outdir, blobPolicy, bundledWays);
  });
});
