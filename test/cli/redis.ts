import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { onTestFinished } from "vitest";

/** Whether redis-server is installed. */
export function hasRedis(): boolean {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}

/** Starts a process that is killed after the test. `says` waits until its output contains a text `times` times. */
export function start(folder: string, command: string, args: readonly string[]) {
  const child = spawn(command, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const says = (text: string, times = 1) =>
    new Promise<void>((resolve, reject) => {
      child.once("close", () => reject(new Error(`It ended and did not print: ${text}`)));
      let seen = "";
      const look = (data: Buffer) => {
        seen += data.toString();
        if (seen.split(text).length > times) resolve();
      };
      child.stdout.on("data", look);
      child.stderr.on("data", look);
    });
  return { child, ended, says };
}

/** Starts a Redis without persistence, or with an append-only file in `folder`. */
export async function startRedis(folder: string, port: number, keep = false) {
  const kept = keep ? ["--appendonly", "yes", "--appendfsync", "always"] : [];
  const address = ["--port", String(port), "--bind", "127.0.0.1"];
  const redis = start(folder, "redis-server", [...address, "--save", "", ...kept]);
  await redis.says("Ready to accept connections");
  return redis;
}
