import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = new URL("..", import.meta.url).pathname;

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly hasInstallScript?: true;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

interface PackageFile {
  readonly version: string;
  readonly license: string;
  readonly scripts: Readonly<Record<string, string>>;
}

/** Scripts that npm runs when a package is installed from the registry. It runs `prepare` only in a checkout. */
const atInstall = ["preinstall", "install", "postinstall"];

const readJson = (name: string): unknown => JSON.parse(readFileSync(join(root, name), "utf8"));
const { scripts, version } = readJson("package.json") as PackageFile;
const locked = (readJson("package-lock.json") as { packages: Record<string, LockedPackage> })
  .packages;

/** Path that Node resolves for a package required from a folder; undefined for a package of another platform. */
function resolvePackage(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, "")) {
    const path = join(folder, "node_modules", name);
    if (path in locked) return path;
    if (folder === "") return undefined;
  }
}

/** Folders of the packages that `npm install wasm-dqn` adds, and whether each is optional. */
function productionPackages(): Map<string, { optional: boolean }> {
  const found = new Map<string, { optional: boolean }>();
  const visit = (from: string, optional: boolean): void => {
    const {
      dependencies,
      optionalDependencies = {},
      peerDependencies,
      peerDependenciesMeta,
    } = locked[from]!;
    const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
    for (const name of names) {
      if (peerDependenciesMeta?.[name]?.optional) continue;
      const path = resolvePackage(name, from);
      if (path === undefined) continue;
      const without = optional || name in optionalDependencies;
      const before = found.get(path);
      if (before !== undefined && (without || !before.optional)) continue;
      found.set(path, { optional: without });
      visit(path, without);
    }
  };
  visit("", false);
  return found;
}

/** Licence and install scripts from the installed package.json, or from the lock file for a package of another platform. */
function describe(path: string): { license: string; installScript: boolean } {
  const file = join(path, "package.json");
  if (!existsSync(join(root, file))) {
    const { hasInstallScript = false, license = "" } = locked[path]!;
    return { license, installScript: hasInstallScript };
  }
  const { license = "", scripts: own = {} } = readJson(file) as Partial<PackageFile>;
  return { license, installScript: Object.keys(own).some((name) => atInstall.includes(name)) };
}

const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + 13);
const production = [...productionPackages()]
  .map(([path, { optional }]) => ({
    name: nameOf(path),
    optional,
    version: locked[path]!.version,
    ...describe(path),
  }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/** Licences that require only attribution. */
const permitted = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"];

it("every production dependency has a permissive licence", () => {
  expect(production.length).toBeGreaterThan(10);
  for (const { license, name } of production) expect(permitted, name).toContain(license);
});

it("every bundled package has a permissive licence, whose text is in the package", () => {
  const text = readFileSync(join(root, "build/node/licences.md"), "utf8");
  const bundled = [...text.matchAll(/^## (\S+) - \S+ \((.+)\)$/gm)];
  expect(bundled.map(([, name]) => name)).toContain("commander");
  for (const [, name, license] of bundled) expect(permitted, name).toContain(license);
});

it("THIRD-PARTY.md lists the current licences (update: npm run licences)", async () => {
  const rows = production.map(
    (entry) =>
      `| ${entry.name} | ${entry.version} | ${entry.license} | ${entry.optional ? "for queues" : ""} |`,
  );
  const text = [
    "# Third-party packages",
    "",
    "Packages that are installed together with wasm-dqn. `npm run licences` writes this file. The packages for queues are",
    "optional: only `sweep --queue` and `worker` need them. Other packages are bundled into `build/`: the build writes their",
    "licences into `build/node/licences.md`.",
    "",
    "| package | version | licence | |",
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
  await expect(text).toMatchFileSnapshot("../THIRD-PARTY.md");
});

it("installing the package runs no script, except one that is optional", () => {
  expect(Object.keys(scripts).filter((name) => atInstall.includes(name))).toEqual([]);
  const withScript = production.filter(({ installScript }) => installScript);
  // BullMQ depends on msgpackr, which this package only makes faster.
  expect(withScript).toMatchObject([{ name: "msgpackr-extract", optional: true }]);
});

it("npm publish --dry-run prints no warning", () => {
  const flags = ["--dry-run", "--ignore-scripts", "--loglevel", "warn"];
  const { status, stderr, stdout } = spawnSync("npm", ["publish", ...flags], {
    cwd: root,
    encoding: "utf8",
  });
  expect(status).toBe(0);
  expect(stdout).toContain(`+ wasm-dqn@${version}`);
  const complaints = stderr.split("\n").filter((line) => /^npm (warn publish|error)/i.test(line));
  expect(complaints.filter((line) => !line.includes("requires you to be logged in"))).toEqual([]);
});

it("the changelog lists semantic versions in descending order, from the package's version", () => {
  const changelog = readFileSync(join(root, "CHANGELOG.md"), "utf8");
  const headings = [...changelog.matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);
  const [first, ...rest] = headings;
  const released = first === "Unreleased" ? rest : headings;
  for (const heading of released) {
    expect(heading).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)? - \d{4}-\d\d-\d\d$/);
  }
  const parts = released.map((heading) =>
    heading
      .split(/[.\- ]/)
      .slice(0, 3)
      .map(Number),
  );
  const descending = [...parts].sort(
    ([a0 = 0, a1 = 0, a2 = 0], [b0 = 0, b1 = 0, b2 = 0]) => b0 - a0 || b1 - a1 || b2 - a2,
  );
  expect(parts).toEqual(descending);
  expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  if (first !== "Unreleased") expect(released[0]).toMatch(new RegExp(`^${version} - `));
});
