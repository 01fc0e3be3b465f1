import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { UsageError } from "../errors.ts";

/** The part of Lighthouse's report that the benchmark reads. */
interface Report {
  readonly categories: Readonly<Record<string, { readonly id: string; readonly score: number }>>;
}

/** Returns the command's file of an installed Lighthouse. @param path that file, or the folder of the package */
export function lighthouseCommand(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  const file = found?.isDirectory() ? join(path, "cli/index.js") : path;
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  throw new UsageError(
    `--lighthouse must be the folder or the command of an installed Lighthouse, got "${path}".`,
  );
}

/**
 * Returns Lighthouse's scores of a page, from 0 to 100.
 * @param command file of its command
 * @param chromium path of the browser
 */
export async function lighthouseScores(
  command: string,
  chromium: string,
  url: string,
  device: "desktop" | "phone",
): Promise<Readonly<Record<string, number>>> {
  const flags = [
    "--quiet",
    "--output=json",
    "--only-categories=accessibility,best-practices",
    "--chrome-flags=--headless=new --no-sandbox",
    "--no-enable-error-reporting",
    ...(device === "desktop" ? ["--preset=desktop"] : []),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [command, url, ...flags], {
    env: { ...process.env, CHROME_PATH: chromium },
    maxBuffer: 2 ** 28,
  });
  const { categories } = JSON.parse(stdout) as Report;
  return Object.fromEntries(
    Object.values(categories).map(({ id, score }) => [id, Math.round(100 * score)]),
  );
}
