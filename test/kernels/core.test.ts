import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { expect, it, onTestFinished, vi } from "vitest";
import { RunError, UsageError } from "../../src/errors.ts";
import { coreModule, createCore, loadCore } from "../../src/kernels/core.ts";

const file = new URL("../../build/release.wasm", import.meta.url);
const kernels = () => Uint8Array.from(readFileSync(file));

it("coreText encodes the release build", async () => {
  const { coreText } = await import("wasm-dqn/core-bytes");
  expect(coreText).toMatch(/^[\0-\x7f]*$/);
  const bytes: number[] = [];
  let prefix = 0;
  for (const code of Buffer.from(coreText, "latin1")) {
    if (code !== 127) bytes.push((prefix + code) ^ 104);
    prefix = code === 127 ? prefix + 127 : 0;
  }
  expect(Buffer.compare(Buffer.from(bytes), readFileSync(file))).toBe(0);
});

it("loads the kernels from bytes, a module or a URL", async () => {
  const server = createServer((request, response) => {
    if (request.url === "/core.wasm") response.end(kernels());
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const url = `http://127.0.0.1:${port}/core.wasm`;
  const compiled = new WebAssembly.Module(kernels());
  for (const source of [kernels(), kernels().buffer, compiled, url, new URL(url)]) {
    const before = coreModule();
    await loadCore(source);
    expect(coreModule()).not.toBe(before);
    expect(createCore("wasm", 64).kernels.denseForward).toBeTypeOf("function");
  }
  await expect(loadCore(`${url}x`)).rejects.toThrow(/^wasm could not be loaded: 404 Not Found\./);
  await expect(loadCore("http://127.0.0.1:1/")).rejects.toThrow(UsageError);
});

it("rejects a module without the kernels", async () => {
  await expect(loadCore(Uint8Array.of(1, 2, 3))).rejects.toThrow(/^wasm could not be loaded/);
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  await expect(loadCore(empty)).rejects.toThrow(/does not export \w+\./);
});

it.each(["wasm", "js"] as const)("reports a failed allocation: %s", (backend) => {
  const refuse = () => {
    throw new RangeError("could not allocate memory");
  };
  vi.stubGlobal("ArrayBuffer", refuse);
  vi.stubGlobal("WebAssembly", { ...WebAssembly, Memory: refuse });
  onTestFinished(() => void vi.unstubAllGlobals());
  expect(() => createCore(backend, 3 * 2 ** 30)).toThrow(
    new RunError("Could not allocate 3072 MiB."),
  );
});
