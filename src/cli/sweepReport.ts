import { join } from "node:path";
import { RunError } from "../errors.ts";
import { saveFile } from "../files/saveFile.ts";
import { count } from "../numberText.ts";
import { chartSvg } from "../plots/chart.ts";
import {
  describeBest,
  describeFailures,
  describeOthers,
  summarizeSweep,
  summaryTable,
} from "../sweep/report.ts";
import type { ResultsFile } from "../sweep/resultsFile.ts";
import { MOST_SHOWN, sweepPanels } from "../sweep/sweepPanels.ts";
import type { FoundResults } from "./search.ts";
import type { SweepProgress } from "./sweepProgress.ts";

interface ReportSetting {
  readonly out: string;
  readonly json: boolean;
  readonly file: ResultsFile;
  readonly progress: SweepProgress;
}

/** Sorts results.csv, writes report.md and report.svg and prints the report. @throws RunError if all trials failed */
export function reportSweep(
  { all, best, bestFolder, shown }: FoundResults,
  { file, json, out, progress }: ReportSetting,
): void {
  file.sort(all);
  const summaries = summarizeSweep(shown, progress.stage("Summarizing"));
  progress.finish();
  const otherRows = file.others(all);
  const others = describeOthers(otherRows);
  const report = [
    ...summaryTable(summaries),
    ...(best === null ? [] : ["", describeBest(best, bestFolder)]),
    ...(others === "" ? [] : ["", others]),
  ];
  const panels = sweepPanels(shown);
  if (panels.length > 0) {
    const caption =
      summaries.length > MOST_SHOWN
        ? `The first ${MOST_SHOWN} of ${count(summaries.length)} configurations.`
        : "";
    const svg = chartSvg(panels, 2, `Sweep of ${count(all.length)} trials`, caption);
    saveFile(join(out, "report.svg"), svg);
  }
  saveFile(join(out, "report.md"), `${report.join("\n")}\n`);
  if (json) {
    const configurations = { out, configurations: summaries, otherRows };
    console.log(
      JSON.stringify({ ...configurations, ...(best && { best: { ...best, folder: bestFolder } }) }),
    );
  } else {
    for (const line of [...report, "", `${out}: results.csv, report.md, report.svg`])
      console.log(line);
  }
  if (shown.every(({ error }) => error !== "")) throw new RunError(describeFailures(shown));
}
