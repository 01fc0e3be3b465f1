import type { Command } from "commander";
import { RunError, UsageError } from "../errors.ts";
import { saveFile } from "../files/saveFile.ts";
import { learningCurves, type RunRecord, readRun } from "../plots/learningCurves.ts";

export function addPlotCommand(program: Command): void {
  program
    .command("plot")
    .description("draw the learning curves of runs")
    .argument("<runs...>", "folders that train has left")
    .option("--out <file>", "picture to write, .svg or .html", "curves.svg")
    .helpOption("-h, --help", "show this help")
    .action(plot);
}

async function plot(folders: readonly string[], { out }: { readonly out: string }): Promise<void> {
  if (!/\.(svg|html)$/.test(out)) {
    throw new UsageError(`out must end with .svg or .html, got "${out}".`);
  }
  const runs = folders.map(readRun);
  const panels = learningCurves(runs);
  if (panels.length === 0) throw new RunError("No episode was finished in these runs.");
  // Loaded where it is needed: a training run starts without it.
  const { chartSvg } = await import("../plots/chart.ts");
  const title = `Learning curves of ${runs.length === 1 ? runs[0]!.name : `${runs.length} runs`}`;
  const svg = chartSvg(panels, Math.min(3, panels.length), title);
  const contents = out.endsWith(".svg") ? svg : page(title, svg, runs);
  saveFile(out, contents);
  console.log(`${out}: ${panels.map((panel) => panel.title).join(", ")}`);
}

function page(title: string, svg: string, runs: readonly RunRecord[]): string {
  const escaped = (text: string) =>
    text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  const rows = runs.map(({ env, name, recipe, returns, seed }) => {
    const steps = returns.at(-1)?.[0] ?? 0;
    const cells = [
      name,
      env,
      recipe,
      seed,
      returns.length.toLocaleString("en-US"),
      steps.toLocaleString("en-US"),
    ];
    return `<tr>${cells.map((cell) => `<td>${escaped(String(cell))}</td>`).join("")}</tr>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 1180px; margin: 2rem auto; padding: 0 1rem; }
svg { width: 100%; height: auto; }
table { border-collapse: collapse; margin-top: 1rem; font-size: 13px; }
td, th { padding: .2rem .8rem .2rem 0; text-align: left; }
</style>
<h1>${escaped(title)}</h1>
${svg}
<table>
<tr><th>run<th>environment<th>recipe<th>seed<th>episodes<th>steps</tr>
${rows.join("\n")}
</table>
</html>
`;
}
