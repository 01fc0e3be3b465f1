import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { readCheckpoint } from "../../src/formats/checkpoint.ts";
import { readPolicy } from "../../src/formats/policy.ts";

/** Temporary and lock files. */
const besides = /\.(wasm-dqn-tmp|lock)$/;
const temporary = /\.wasm-dqn-tmp$/;

/** End of the last complete record of a TensorBoard event file. A record has 16 bytes of length and checksums, and its payload. */
function eventsEnd(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let end = 0;
  while (end + 12 <= bytes.length) {
    const next = end + 16 + Number(view.getBigUint64(end, true));
    if (next > bytes.length) break;
    end = next;
  }
  return end;
}

/** Expects every file of a run folder to be complete and readable. Returns the names of leftover temporary files. */
export function expectIntactRun(folder: string): string[] {
  const names = readdirSync(folder);
  for (const name of names.filter((candidate) => !besides.test(candidate))) {
    const path = join(folder, name);
    const bytes = new Uint8Array(readFileSync(path));
    const text = () => new TextDecoder().decode(bytes);
    if (name.endsWith(".json")) expect(() => JSON.parse(text()), path).not.toThrow();
    else if (name === "checkpoint.safetensors") readCheckpoint(bytes, path);
    else if (name.endsWith(".safetensors")) readPolicy(bytes, path);
    else if (name.startsWith("events.")) expect(eventsEnd(bytes), path).toBe(bytes.length);
    else {
      expect(["episodes.csv", "metrics.jsonl"]).toContain(name);
      const lines = text().split("\n");
      expect(lines.pop(), `${path} ends with a line`).toBe("");
      for (const line of lines) {
        if (name === "episodes.csv") expect(line.split(","), path).toHaveLength(8);
        else expect(() => JSON.parse(line), path).not.toThrow();
      }
    }
  }
  return names.filter((name) => temporary.test(name));
}

/** Episode numbers in a run's episodes.csv. */
export function episodeNumbers(folder: string): number[] {
  const rows = readFileSync(join(folder, "episodes.csv"), "utf8").trimEnd().split("\n").slice(1);
  return rows.map((row) => Number(row.split(",")[0]));
}
