import { existsSync } from "node:fs";
import type { EpisodeRecord } from "../dqn/observer.ts";
import type { RunState } from "../dqn/runState.ts";
import { readLogLines } from "../files/readLines.ts";

const csvHeader = "episode,steps,length,return,runningScore,epsilon,greedyReturn,seconds";
const COLUMNS = csvHeader.split(",").length;

/** Log files of a run folder and their first lines. */
export const logHeaders = { "episodes.csv": `${csvHeader}\n`, "metrics.jsonl": "" } as const;
export type LogFile = keyof typeof logHeaders;

/** Bytes of a log in memory at a time while it is rewound. */
const PIECE = 2 ** 20;

/** An episode as a row of episodes.csv. */
export function episodeRow(record: EpisodeRecord, seconds: number): string {
  const { epsilon, episode, greedyReturn, length, runningScore, steps } = record;
  return `${episode},${steps},${length},${record.return},${runningScore},${epsilon},${greedyReturn ?? ""},${seconds.toFixed(6)}\n`;
}

/** Contents of a log without the lines that a run in this state will write again, in pieces of about 1 MiB. */
export function* rewoundLog(path: string, file: LogFile, state: RunState): Generator<Uint8Array> {
  let text: string = logHeaders[file];
  if (existsSync(path)) {
    for (const line of readLogLines(path)) {
      if (isRepeated(file, line, state)) continue;
      text += `${line}\n`;
      if (text.length < PIECE) continue;
      yield Buffer.from(text);
      text = "";
    }
  }
  yield Buffer.from(text);
}

/** Whether a run that resumes in this state writes a line again. Within a step, that depends on the phase of the step. */
function isRepeated(file: LogFile, line: string, state: RunState): boolean {
  const { ended, midStep, steps, updatesDue } = state;
  const step = stepOf(file, line);
  if (step !== steps || !midStep) return !(step <= steps);
  return updatesDue > 0 || ended || line.includes('"eval/');
}

/** The step of a line; NaN for the header and for incomplete lines. */
function stepOf(file: LogFile, line: string): number {
  if (file === "episodes.csv") {
    const cells = line.split(",");
    return cells.length === COLUMNS ? Number(cells[1]) : Number.NaN;
  }
  try {
    const row: unknown = JSON.parse(line);
    return typeof row === "object" && row !== null && "step" in row ? Number(row.step) : Number.NaN;
  } catch {
    return Number.NaN;
  }
}
