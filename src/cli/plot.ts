import type { Command } from "commander";
import { isModulePath } from "../environments/environmentModule.ts";
import { RunError, reasonOf, UsageError } from "../errors.ts";
import { saveFile } from "../files/saveFile.ts";
import { count } from "../numberText.ts";
import { captionOf, learningCurves } from "../plots/learningCurves.ts";
import { escapeMarkup } from "../plots/markup.ts";
import { distinctRuns, groupRuns, type RunGroup } from "../plots/runGroups.ts";
import { type RunRecord, readRun } from "../plots/runRecord.ts";
import { environmentOf } from "./environmentFlag.ts";

interface PlotFlags {
  readonly env?: string;
  readonly out: string;
}

export function addPlotCommand(program: Command): void {
  program
    .command("plot")
    .description("draw the learning curves of run folders")
    .argument("<runs...>", "run folders that train wrote")
    .option(
      "--env <id|module>",
      "draw only the runs of this environment: an id, or the path of your environment's module",
    )
    .option("--out <file>", "file to write, .svg or .html", "curves.svg")
    .helpOption("-h, --help", "show this help")
    .action(plot);
}

async function plot(folders: readonly string[], { env, out }: PlotFlags): Promise<void> {
  if (!/\.(svg|html)$/.test(out)) {
    throw new UsageError(`--out must end with .svg or .html, got "${out}".`);
  }
  const all = readRuns(folders);
  const { notes, runs } = distinctRuns(env === undefined ? all : await runsOf(env, all));
  const groups = groupRuns(runs);
  const panels = learningCurves(groups);
  if (panels.length === 0) throw new RunError("No episode was finished in these runs.");
  const { chartSvg } = await import("../plots/chart.ts");
  const title = `Learning curves of ${runs.length === 1 ? runs[0]!.name : `${count(runs.length)} runs`}`;
  const svg = chartSvg(panels, Math.min(3, panels.length), title, captionOf(groups));
  saveFile(out, out.endsWith(".svg") ? svg : page(title, svg, groups));
  for (const note of [...notes, ...notesOn(groups)]) warn(note);
  console.log(`${out}: ${panels.map((panel) => panel.title).join(", ")}`);
}

/** Reads the runs. Warns about runs that cannot be read. @throws RunError if no run can be read */
function readRuns(folders: readonly string[]): RunRecord[] {
  const failures: unknown[] = [];
  const runs = folders.flatMap((folder) => {
    try {
      return [readRun(folder)];
    } catch (error) {
      failures.push(error);
      return [];
    }
  });
  if (runs.length === 0) throw failures[0];
  for (const failure of failures) warn(`Skipped: ${reasonOf(failure)}`);
  return runs;
}

/** Returns the runs of an environment. With a module, those of any version of it. @throws RunError if there is none */
async function runsOf(env: string, runs: readonly RunRecord[]): Promise<RunRecord[]> {
  const own = isModulePath(env) ? await environmentOf(env) : undefined;
  const found = runs.filter((run) =>
    own === undefined ? run.env === env : run.env === own.id && "module" in run.config,
  );
  if (found.length > 0) return found;
  const name = own === undefined ? env : `${env} (${own.id})`;
  const others = [...new Set(runs.map((run) => run.env))].join(", ");
  throw new RunError(`None of these runs was trained in ${name}, only in ${others}.`);
}

const warn = (sentence: string) => void process.stderr.write(`${new RunError(sentence).message}\n`);

/** Warnings that name the runs without episodes and the runs excluded from a median. */
function notesOn(groups: readonly RunGroup[]): string[] {
  const all = groups.flatMap(({ excluded, runs }) => [...runs, ...excluded]);
  const empty = all.filter(({ end }) => end === 0).map(({ folder }) => folder);
  const short = groups
    .flatMap(({ excluded }) => excluded)
    .filter(({ end }) => end > 0)
    .map(({ end, folder }) => `${folder} at step ${count(end)}`);
  return [
    ...(empty.length === 0 ? [] : [`No episode was finished in ${empty.join(", ")}.`]),
    ...(short.length === 0
      ? []
      : [`Ended early, so drawn thin and excluded from the median: ${short.join(", ")}.`]),
  ];
}

function page(title: string, svg: string, groups: readonly RunGroup[]): string {
  const rows = groups.flatMap(({ excluded, name: group, runs }) =>
    [...runs, ...excluded].map(({ curves, end, env, name, seed }) => {
      const episodes = curves.returns.steps.length;
      const cells = [name, env, group, String(seed), count(episodes), count(end)];
      return `<tr>${cells.map((cell) => `<td>${escapeMarkup(cell)}</td>`).join("")}</tr>`;
    }),
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeMarkup(title)}</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 1180px; margin: 2rem auto; padding: 0 1rem; }
svg { width: 100%; height: auto; }
table { border-collapse: collapse; margin-top: 1rem; font-size: 13px; }
td, th { padding: .2rem .8rem .2rem 0; text-align: left; }
</style>
<h1>${escapeMarkup(title)}</h1>
${svg}
<table>
<tr><th>run<th>environment<th>configuration<th>seed<th>episodes<th>steps</tr>
${rows.join("\n")}
</table>
</html>
`;
}
