import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;

/** Packs the built package into a folder, as `npm publish` would. Returns the tarball's path and the paths inside it. */
export function packPackage(folder: string): { tarball: string; files: ReadonlySet<string> } {
  const values = ["pack", root, "--json", "--ignore-scripts", "--pack-destination", folder];
  const output = execFileSync("npm", values, {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [pack] = JSON.parse(output) as [{ filename: string; files: { path: string }[] }];
  return {
    tarball: join(folder, pack.filename),
    files: new Set(pack.files.map(({ path }) => path)),
  };
}
