import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "../cli/run.ts";

/** Mounts or remounts a tmpfs of this size in KiB. */
function mount(path: string, options: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path], { stdio: "ignore" });
}

/** A disk that can be made larger. */
export interface SmallDisk {
  readonly path: string;
  resize(kibibytes: number): void;
  makeReadOnly(): void;
  unmount(): void;
}

/** Creates a folder and mounts a disk on it. */
export function mountDisk(path: string, kibibytes: number): SmallDisk {
  mkdirSync(path);
  mount(path, `size=${kibibytes}k`);
  return {
    path,
    resize: (larger) => mount(path, `remount,size=${larger}k`),
    makeReadOnly: () => mount(path, "remount,ro"),
    unmount: () => void execFileSync("umount", ["--lazy", path]),
  };
}

/** A disk that is unmounted after the test. */
export function smallDisk(kibibytes: number): SmallDisk {
  const disk = mountDisk(join(temporaryFolder(), "disk"), kibibytes);
  onTestFinished(() => disk.unmount());
  return disk;
}

/** Whether this user may mount: root on Linux. */
export function canMount(): boolean {
  const path = join("/tmp", `wasm-dqn-mount-${process.pid}`);
  try {
    mkdirSync(path);
    mount(path, "size=64k");
    execFileSync("umount", [path]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}
