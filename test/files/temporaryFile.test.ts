import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { removeTemporaryFiles, temporaryName } from "../../src/files/temporaryFile.ts";
import { temporaryFolder } from "../cli/run.ts";

it("deletes only temporary files of processes that have ended", () => {
  const folder = temporaryFolder();
  const ended = spawnSync(process.execPath, ["-e", ""]).pid;
  const live = temporaryName(join(folder, "config.json"));
  const left = live.replace(`.${process.pid}-`, `.${ended}-`);
  // The process id is in use again.
  const reused = live.replace(/-\d*-/, "-7-");
  // Another machine: host and boot id differ.
  const elsewhere = left.replace(/-[\da-f]{8}-[\da-f]{8}-/, "-00000000-00000000-");
  const kept = [live, elsewhere, ...foreign.map((name) => join(folder, name))];
  for (const path of [left, reused, ...kept]) writeFileSync(path, "");
  removeTemporaryFiles(folder);
  expect(readdirSync(folder).sort()).toEqual(
    kept.map((path) => path.slice(folder.length + 1)).sort(),
  );
});

const foreign = [
  "weights_v2.safetensors.202611",
  "config.json.20261121",
  ".config.json.wasm-dqn-tmp",
  ".config.json.1-7-0.wasm-dqn-tmp",
  "notes.wasm-dqn-tmp",
];
