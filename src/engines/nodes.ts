import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Engine, NotInstalled, printedVersion } from "./engine.ts";
import { listen } from "./listen.ts";

const cache = fileURLToPath(new URL("../../engines", import.meta.url));
const INSTALL_MILLISECONDS = 300_000;

/** Name of the npm package that holds Node's executable for this machine; npm's package `node` installs it. */
function platformPackage(): string {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const prefix = platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  return `${prefix}-${platform}-${process.arch}`;
}

/** npm's error message as one line. */
function reasonOf(error: unknown): string {
  const output = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
  const lines = [...output.matchAll(/^npm (?:error|ERR!) (?!code)(.+)$/gm)];
  return (lines[0]?.[1] ?? String(error)).slice(0, 200);
}

/** Installs the newest release of a major version into `folder`. @throws NotInstalled if npm fails */
async function install(name: string, major: number, folder: string): Promise<void> {
  const fresh = `${folder}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  writeFileSync(join(fresh, "package.json"), '{ "private": true }\n');
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"];
  try {
    await promisify(execFile)("npm", ["install", ...flags, `${name}@${major}`], {
      cwd: fresh,
      timeout: INSTALL_MILLISECONDS,
    });
  } catch (error) {
    throw new NotInstalled(
      `not installed: npm install ${name}@${major} failed, ${reasonOf(error)}`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}

/** A major version of Node: the running one, or the newest release from npm, installed into build/engines. */
export function nodeEngine(major: number): Engine {
  return {
    id: `node-${major}`,
    name: `Node ${major}`,
    async locate() {
      if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
      const name = platformPackage();
      const folder = join(cache, `node-${major}`);
      const bin = join(folder, "node_modules", name, "bin");
      const executable = join(bin, process.platform === "win32" ? "node.exe" : "node");
      if (!existsSync(executable)) await install(name, major, folder);
      if (!existsSync(executable))
        throw new NotInstalled(`not installed: ${name}@${major} has no node`);
      return executable;
    },
    version: printedVersion,
    run: (executable, { program, seconds }, onRun) => listen(executable, [program], seconds, onRun),
  };
}
